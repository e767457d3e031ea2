/** What the command line and requirements files say about wheels and builds, put together. */

import { UsageError } from "../base/errors.ts";
import { escapeControl } from "../base/text.ts";
import type { RequirementsDocument } from "../inputs/requirements-document.ts";
import { checkFilePolicy, type FilePolicy } from "../resolver/file-policy.ts";
import { parseProjectName, type ProjectName } from "../standards/project-name.ts";
import type { BuildRequest } from "./build-request.ts";

/** @throws UsageError for wishes that contradict each other; InvalidProjectName */
export function requestPolicy(
  request: BuildRequest,
  files: Pick<RequirementsDocument, "onlyBinary" | "noBinary" | "preferBinary">,
): FilePolicy {
  const onlyBinary = new Set(files.onlyBinary);
  const noBinary = new Set(files.noBinary);
  return checkFilePolicy({
    wheels: (request.wheels ?? true) && !noBinary.delete(":all:"),
    builds: (request.builds ?? true) && !onlyBinary.delete(":all:"),
    onlyWheels: projectNames([...(request.onlyWheels ?? []), ...onlyBinary]),
    onlyBuilds: projectNames([...(request.onlyBuilds ?? []), ...noBinary]),
    preferWheels: (request.preferWheels ?? false) || files.preferBinary,
  });
}

/** The time that `uploadedPriorTo` means, in milliseconds since 1970. @throws UsageError */
export function uploadLimit({ uploadedPriorTo }: BuildRequest): number | undefined {
  if (uploadedPriorTo === undefined) return undefined;
  const moment = /^\d{4}-\d\d-\d\d(?:$|[T ])/.test(uploadedPriorTo) ? Date.parse(uploadedPriorTo) : Number.NaN;
  if (!Number.isNaN(moment)) return moment;
  throw new UsageError(`Not a time in ISO 8601: ${escapeControl(uploadedPriorTo)}`, {
    hint: "write --uploaded-prior-to as `2026-01-31` or `2026-01-31T12:00:00Z`",
  });
}

function projectNames(texts: readonly string[]): Set<ProjectName> {
  return new Set(texts.filter((text) => text !== ":all:").map(parseProjectName));
}

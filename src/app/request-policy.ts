/** What the command line and requirements files say about wheels and builds, put together. */

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

function projectNames(texts: readonly string[]): Set<ProjectName> {
  return new Set(texts.filter((text) => text !== ":all:").map(parseProjectName));
}

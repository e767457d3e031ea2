/** The error for a project that nobody knows. */

import { sentenceList } from "../base/text.ts";
import { UnknownProject } from "./errors.ts";
import type { FailedResolve, Lack } from "./failed-resolve.ts";
import { describePath } from "./requirement-text.ts";
import { sayDependants } from "./solver/wording.ts";

/** More places than this are not listed. */
const MOST_PLACES = 3;

/** Says where the project was looked for, and for whom. */
export function unknownProject(
  { request, vocabulary }: FailedResolve,
  { project, dependants, path }: Lack,
): UnknownProject {
  const by = sayDependants(dependants, vocabulary);
  const headline = `No project named "${project}" in ${describePlaces(request.places?.(project) ?? [])}${by}`;
  return new UnknownProject([headline, ...describePath(path)].join("\n  "), {
    hint: request.remedy ?? hintToLookElsewhere(by === ""),
  });
}

function hintToLookElsewhere(mayBeMisspelt: boolean): string {
  return mayBeMisspelt
    ? "Check the spelling, or name the index or directory that has it with -i or --find-links"
    : "Name the index or directory that has it with -i or --find-links";
}

function describePlaces(places: readonly string[]): string {
  if (places.length === 0) return "any index or --find-links place";
  if (places.length <= MOST_PLACES + 1) return sentenceList(places, "or");
  return `${places.slice(0, MOST_PLACES).join(", ")} or ${places.length - MOST_PLACES} more places`;
}

/** Which projects a place serves: `--source NAME=SCOPE`. */

import { messageOf, UsageError } from "../base/errors.ts";
import { escapeControl } from "../base/text.ts";
import type { MarkerEnvironment } from "../standards/marker-environment.ts";
import { decideMarker, InvalidMarker, parseMarker, type Marker } from "../standards/marker.ts";
import { normalizeName, type ProjectName } from "../standards/project-name.ts";

/** Projects, on machines; each part that is missing means all of them. */
export interface PlaceScope {
  readonly projects: ProjectName | RegExp | undefined;
  readonly marker: Marker | undefined;
}

/** What a valid name of a project looks like ("Name format" of the core metadata). */
const NAME = /^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/i;

/**
 * Reads a scope: a project or a pattern that the beginning of its normalised name matches, a marker, or both around `;`.
 *
 * @throws UsageError
 */
export function parsePlaceScope(text: string): PlaceScope {
  const semicolon = text.indexOf(";");
  if (semicolon !== -1) {
    return { projects: parseProjects(text.slice(0, semicolon), text), marker: parseCondition(text, semicolon + 1) };
  }
  if (!NAME.test(text.trim())) {
    try {
      return { projects: undefined, marker: parseMarker(text) };
    } catch (error) {
      if (!(error instanceof InvalidMarker)) throw error;
    }
  }
  return { projects: parseProjects(text, text), marker: undefined };
}

/** Whether a project belongs to the scope on a machine. @throws UndefinedMarkerVariable */
export function isInScope(scope: PlaceScope, project: ProjectName, environment: MarkerEnvironment): boolean {
  const { projects, marker } = scope;
  const isProject = projects instanceof RegExp ? projects.test(project) : (projects ?? project) === project;
  return isProject && (marker === undefined || decideMarker(marker, environment, undefined));
}

function parseProjects(part: string, text: string): ProjectName | RegExp {
  const projects = part.trim();
  if (NAME.test(projects)) return normalizeName(projects);
  try {
    if (projects !== "") return new RegExp(`^(?:${projects})`);
  } catch (error) {
    throw invalid(text, error);
  }
  throw invalid(text, undefined);
}

function parseCondition(text: string, start: number): Marker {
  try {
    return parseMarker(text.slice(start).trim());
  } catch (error) {
    if (error instanceof InvalidMarker) throw invalid(text, error);
    throw error;
  }
}

function invalid(text: string, cause: unknown): UsageError {
  const reason = cause === undefined ? "" : `: ${messageOf(cause)}`;
  return new UsageError(`Not a scope of --source: \`${escapeControl(text)}\`${reason}`, {
    cause,
    hint: "name a project or a pattern, a marker, or both as in `torch; sys_platform != 'darwin'`",
  });
}

/** Complete platforms: the markers and tags of a machine as a JSON document, which `pex3 interpreter inspect -m -t` prints. */

import { resolve } from "node:path";

import { messageOf, PexError } from "../base/errors.ts";
import { readText } from "../base/fs.ts";
import { closest, escapeControl, sentenceList } from "../base/text.ts";
import { markerVariables } from "../standards/marker-environment.ts";
import type { MarkerEnvironment, MarkerVariable } from "../standards/marker-environment.ts";
import { expandTags, InvalidTag } from "../standards/tag.ts";
import { parseVersion, tryParseVersion } from "../standards/version.ts";
import type { Version } from "../standards/version.ts";

import { rankTags } from "./target.ts";
import type { Target } from "./target.ts";

/** A document that describes no platform. */
export class InvalidCompletePlatform extends PexError {
  readonly code = "INVALID_COMPLETE_PLATFORM";
}

/**
 * The target that a file, or a JSON text, describes; keys other than `marker_environment` and `compatible_tags` are ignored.
 *
 * @param given JSON text when it begins with a brace, else the path of a file.
 * @throws InvalidCompletePlatform, FileError
 */
export function completePlatformTarget(given: string, cwd: string): Target {
  const isText = /^\s*[[{]/.test(given);
  const document = new PlatformDocument(isText ? "the given JSON" : escapeControl(given));
  const root = document.parse(isText ? given : readText(resolve(cwd, given)));
  const markers = document.markers(root["marker_environment"]);
  const tags = document.tags(root["compatible_tags"]);
  const pythonVersion = versionOf(markers, tags) ?? document.fail("its markers do not tell the version of Python");
  return {
    kind: "platform",
    description: `complete platform ${tags[0] ?? ""}`,
    markers,
    tags,
    tagRanks: rankTags(tags),
    pythonVersion,
    interpreter: undefined,
  };
}

/** Checks the parts of one document; every fault names it. */
class PlatformDocument {
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
  }

  parse(text: string): Readonly<Record<string, unknown>> {
    let root: unknown;
    try {
      root = JSON.parse(text);
    } catch (error) {
      return this.fail(`it is no JSON: ${escapeControl(messageOf(error))}`, error);
    }
    return isRecord(root) ? root : this.fail("it must be a JSON object");
  }

  markers(value: unknown): MarkerEnvironment {
    if (value === undefined) return this.fail("the key `marker_environment` is missing");
    if (!isRecord(value)) return this.fail("`marker_environment` must be an object");
    const markers: Partial<Record<MarkerVariable, string>> = {};
    for (const [name, text] of Object.entries(value)) {
      const variable = markerVariables.find((each) => each === name) ?? this.#unknownMarker(name);
      if (typeof text !== "string") return this.fail(`the marker \`${name}\` must be a string`);
      markers[variable] = text;
    }
    return markers;
  }

  tags(value: unknown): string[] {
    if (value === undefined) return this.fail("the key `compatible_tags` is missing");
    if (!Array.isArray(value)) return this.fail("`compatible_tags` must be a list");
    if (value.length === 0) return this.fail("`compatible_tags` must have at least one tag");
    const tags = new Set<string>();
    for (const tag of value as readonly unknown[]) {
      if (typeof tag !== "string") return this.fail("every one of `compatible_tags` must be a string");
      try {
        for (const each of expandTags(tag)) tags.add(each);
      } catch (error) {
        if (error instanceof InvalidTag) return this.fail("one of `compatible_tags` is wrong", error);
        throw error;
      }
    }
    return [...tags];
  }

  fail(what: string, cause?: unknown): never {
    throw new InvalidCompletePlatform(`Not a complete platform: ${this.#name}: ${what}`, {
      cause,
      hint: "run `pex3 interpreter inspect --markers --tags` on the target machine to get one",
    });
  }

  #unknownMarker(name: string): never {
    const meant = closest(name, markerVariables);
    throw new InvalidCompletePlatform(
      `Not a complete platform: ${this.#name}: unknown marker in \`marker_environment\`: ${escapeControl(name)}`,
      {
        hint:
          meant === undefined
            ? `the markers are ${sentenceList(markerVariables)}`
            : `write \`${meant}\`, or leave it out`,
      },
    );
  }
}

/** Where the markers say nothing, the best tag does: `cp39` is 3.9. */
function versionOf(markers: MarkerEnvironment, tags: readonly string[]): Version | undefined {
  // What `packaging` does to the version of a Python built from a checkout.
  const told = (markers.python_full_version ?? markers.python_version)?.replace(/\+$/, "+local");
  const version = told === undefined ? undefined : tryParseVersion(told);
  if (told !== undefined) return version && parseVersion(version.release.join("."));
  for (const tag of tags) {
    const [, major, minor] = /^[a-z]+(\d)(\d+)-/.exec(tag) ?? [];
    if (major !== undefined && minor !== undefined) return tryParseVersion(`${major}.${minor}`);
  }
  return undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

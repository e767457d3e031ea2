/** Compatibility tags of wheels (PEP 425): what a built distribution runs on. */

import { PexError } from "../base/errors.ts";
import { escapeControl } from "../base/text.ts";

/** A tag or a compressed tag set that is not of the form `python-abi-platform`. */
export class InvalidTag extends PexError {
  readonly code = "INVALID_TAG";
}

/** No honest file name comes near; a hostile one could ask for millions. */
const MAX_TAGS = 4096;

const ASCII_IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;
const IDENTIFIER = /^[_\p{XID_Start}]\p{XID_Continue}*$/u;

/**
 * All tags of a compressed tag set, in lower case and without repetitions: `py2.py3-none-any` holds two.
 *
 * @throws InvalidTag
 */
export function expandTags(compressed: string): string[] {
  const components = compressed.split("-");
  if (components.length !== 3) throw invalid(compressed, "it must have three components");
  const [interpreters = [], abis = [], platforms = []] = components.map((component) => component.split("."));
  for (const members of [interpreters, abis, platforms]) {
    if (members.includes("")) throw invalid(compressed, "a component is empty");
  }
  if (interpreters.length * abis.length * platforms.length > MAX_TAGS)
    throw invalid(compressed, "it holds too many tags");
  for (const interpreter of interpreters) {
    if (!ASCII_IDENTIFIER.test(interpreter) && !IDENTIFIER.test(interpreter)) {
      throw invalid(compressed, `\`${escapeControl(interpreter)}\` is no identifier`);
    }
  }
  if (interpreters.length === 1 && abis.length === 1 && platforms.length === 1) return [compressed.toLowerCase()];
  const tags = new Set<string>();
  for (const interpreter of interpreters) {
    for (const abi of abis) {
      for (const platform of platforms) tags.add(`${interpreter}-${abi}-${platform}`.toLowerCase());
    }
  }
  return [...tags];
}

/** The shortest compressed tag set that holds these tags; their order is kept. */
export function compressTags(tags: readonly string[]): string {
  const components = [0, 1, 2].map((at) => new Set(tags.map((tag) => tag.split("-")[at] ?? "")));
  return components.map((members) => [...members].join(".")).join("-");
}

/** Text as it may stand in one component of a tag: dots, dashes and spaces become underscores. */
export function tagComponent(text: string): string {
  return text.replaceAll(/[.\- ]/g, "_");
}

function invalid(tag: string, reason: string): InvalidTag {
  return new InvalidTag(`Not a wheel tag, ${reason}: ${escapeControl(tag)}`);
}

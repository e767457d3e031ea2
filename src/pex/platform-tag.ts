/** What `{platform}` in the name of an output file stands for. */

import { compareOrdinal } from "../base/text.ts";
import { tryParseWheelFilename } from "../standards/wheel-filename.ts";
import type { Target } from "../targets/target.ts";

const PLACEHOLDER = "{platform}";

/** The name with its placeholder replaced by the tags of the most specific wheel for each target. */
export function expandPlatform(name: string, targets: readonly Target[], wheelFilenames: readonly string[]): string {
  return name.includes(PLACEHOLDER) ? name.replaceAll(PLACEHOLDER, platformTag(targets, wheelFilenames)) : name;
}

/**
 * `cp311-cp311-manylinux2014_x86_64`, `py3-none-any`; what several targets say is joined by dots.
 *
 * The wheel that fits a target best is the one that binds the PEX to it. Of its platforms the most modest one is named.
 */
export function platformTag(targets: readonly Target[], wheelFilenames: readonly string[]): string {
  const wheels = wheelFilenames.map((filename) => tryParseWheelFilename(filename)?.tags ?? []);
  const found = targets.flatMap((target) => {
    const binding = bindingWheel(target, wheels);
    return binding === undefined ? [] : [binding];
  });
  // Sources alone run on any Python of these targets.
  if (found.length === 0) return `${joined(targets.map(pythonTag))}-none-any`;
  const interpreters = joined(found.flatMap((each) => each.interpreters));
  return `${interpreters}-${joined(found.map((each) => each.abi))}-${joined(found.map((each) => each.platform))}`;
}

interface Binding {
  readonly rank: number;
  readonly interpreters: readonly string[];
  readonly abi: string;
  readonly platform: string;
}

function bindingWheel(target: Target, wheels: readonly (readonly string[])[]): Binding | undefined {
  let best: Binding | undefined;
  for (const tags of wheels) {
    const wheel = bindingOf(target, tags);
    if (wheel === undefined) continue;
    const isTighter =
      best === undefined ||
      wheel.rank < best.rank ||
      // Of `py3` and `py2.py3` wheels together only `py3` holds.
      (wheel.rank === best.rank && wheel.interpreters.length < best.interpreters.length);
    if (isTighter) best = wheel;
  }
  return best;
}

function bindingOf(target: Target, tags: readonly string[]): Binding | undefined {
  const ranked = tags
    .map((tag) => ({ tag, rank: target.tagRanks.get(tag) }))
    .filter((each): each is { tag: string; rank: number } => each.rank !== undefined)
    .toSorted((left, right) => left.rank - right.rank);
  const [first] = ranked;
  const last = ranked.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const [, abi = "none"] = first.tag.split("-");
  const [, , platform = "any"] = last.tag.split("-");
  const interpreters = [...new Set(tags.map((tag) => tag.split("-")[0] ?? ""))];
  return { rank: first.rank, interpreters, abi, platform };
}

function pythonTag(target: Target): string {
  return `py${target.pythonVersion.release[0] ?? 3}`;
}

function joined(parts: readonly string[]): string {
  return [...new Set(parts)].toSorted(compareOrdinal).join(".");
}

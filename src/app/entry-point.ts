/** What a PEX runs: a module, a function, or a script of one of its distributions. */

import { PexError } from "../base/errors.ts";
import { closest, compareOrdinal } from "../base/text.ts";
import type { WheelContents } from "../wheel/wheel-contents.ts";

/** A distribution as far as its scripts go. */
export interface ScriptOwner extends Pick<WheelContents, "commands" | "scriptFiles"> {
  readonly project: string;
  readonly version: string;
}

/** What a script name stands for: `module:attribute`, or a script file that is run as it is. */
export type Executable =
  | { readonly kind: "entry-point"; readonly text: string }
  | { readonly kind: "script"; readonly name: string };

/** No distribution has the wanted script. */
export class UnknownScript extends PexError {
  readonly code = "UNKNOWN_SCRIPT";
}

/** Several distributions have the wanted script, and they disagree on it. */
export class AmbiguousScript extends PexError {
  readonly code = "AMBIGUOUS_SCRIPT";
}

/**
 * Looks a script up in all distributions: console and GUI scripts first, then script files.
 *
 * @throws UnknownScript, AmbiguousScript
 */
export function findScript(
  name: string,
  owners: readonly ScriptOwner[],
  { mayBeElsewhere = false }: { readonly mayBeElsewhere?: boolean } = {},
): Executable {
  const matches = new Map<string, string[]>();
  for (const owner of owners) {
    for (const command of owner.commands) {
      if (command.name !== name) continue;
      const target = command.attribute === undefined ? command.module : `${command.module}:${command.attribute}`;
      matches.set(target, [...(matches.get(target) ?? []), `${owner.project} ${owner.version}`]);
    }
  }
  const [only, ...more] = matches.keys();
  if (more.length > 0) throw ambiguous(name, matches);
  if (only !== undefined) return { kind: "entry-point", text: only };
  if (owners.some((owner) => owner.scriptFiles.includes(name))) return { kind: "script", name };
  if (mayBeElsewhere) return { kind: "script", name };
  throw unknown(name, owners);
}

function ambiguous(name: string, matches: ReadonlyMap<string, readonly string[]>): AmbiguousScript {
  const lines = [...matches].map(([target, owners]) => `\n  ${target} of ${owners.join(" and ")}`);
  return new AmbiguousScript(`The script \`${name}\` is not unique:${lines.join("")}`, {
    hint: "choose one with --entry-point MODULE:FUNCTION",
  });
}

function unknown(name: string, owners: readonly ScriptOwner[]): UnknownScript {
  const inside = [...new Set(owners.map((owner) => `${owner.project} ${owner.version}`))].toSorted(compareOrdinal);
  if (inside.length === 0) {
    return new UnknownScript(`No script named \`${name}\`: the PEX has no distributions`, {
      hint: "name the requirement that provides it",
    });
  }
  const known = owners.flatMap((owner) => [...owner.commands.map((command) => command.name), ...owner.scriptFiles]);
  const meant = closest(name, known);
  const shown = [...new Set(known)].toSorted(compareOrdinal);
  return new UnknownScript(`No script named \`${name}\` in any distribution: ${inside.join(", ")}`, {
    hint:
      meant !== undefined
        ? `did you mean \`${meant}\`?`
        : shown.length > 0
          ? `scripts there are: ${shown.slice(0, 12).join(", ")}${shown.length > 12 ? ", …" : ""}`
          : "use --entry-point MODULE:FUNCTION or --entry-point MODULE instead",
  });
}

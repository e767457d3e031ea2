/** Finds the command that `-c NAME` means among the distributions of a PEX. */

import { PexError } from "../base/errors.ts";
import { closest, compareOrdinal, escapeControl } from "../base/text.ts";

import type { WheelContents } from "./wheel-contents.ts";

/** A wheel as the search sees it. */
export interface ScriptOwner {
  readonly project: string;
  readonly version: string;
  readonly contents: Pick<WheelContents, "commands" | "scriptFiles">;
}

/** What a script name leads to. */
export type Script =
  | {
      readonly kind: "entry-point";
      readonly owner: ScriptOwner;
      /** `module` or `module:attribute`, as PEX-INFO wants it. */
      readonly entryPoint: string;
    }
  | { readonly kind: "file"; readonly owner: ScriptOwner; readonly name: string };

/** No distribution has a script of that name. */
export class ScriptNotFound extends PexError {
  readonly code = "SCRIPT_NOT_FOUND";
}

/** Several distributions have different scripts of that name. */
export class AmbiguousScript extends PexError {
  readonly code = "AMBIGUOUS_SCRIPT";
}

/**
 * The script of that name: declared commands count first, then files of `.data/scripts`.
 *
 * Wheels of one project for several targets count as one.
 *
 * @throws ScriptNotFound, AmbiguousScript
 */
export function findScript(name: string, owners: readonly ScriptOwner[]): Script {
  const declared = owners.flatMap((owner) => declaredScripts(name, owner));
  const candidates = declared.length > 0 ? declared : owners.flatMap((owner) => scriptFiles(name, owner));
  const distinct = new Map(candidates.map((script) => [descriptionOf(script), script]));
  const [only] = distinct.values();
  if (only === undefined) throw notFound(name, owners);
  if (distinct.size > 1) throw ambiguous(name, [...distinct.keys()]);
  return only;
}

function declaredScripts(name: string, owner: ScriptOwner): Script[] {
  return owner.contents.commands
    .filter((command) => command.name === name)
    .map(({ module, attribute }) => {
      const entryPoint = attribute === undefined ? module : `${module}:${attribute}`;
      return { kind: "entry-point", owner, entryPoint };
    });
}

function scriptFiles(name: string, owner: ScriptOwner): Script[] {
  return owner.contents.scriptFiles.includes(name) ? [{ kind: "file", owner, name }] : [];
}

function descriptionOf(script: Script): string {
  const { project, version } = script.owner;
  const what = script.kind === "entry-point" ? script.entryPoint : script.name;
  return `${what} from ${project} ${version}`;
}

function ambiguous(name: string, descriptions: readonly string[]): AmbiguousScript {
  const list = descriptions.map((description) => `\n  ${escapeControl(description)}`).toSorted(compareOrdinal);
  return new AmbiguousScript(`Several scripts have the name \`${escapeControl(name)}\`:${list.join("")}`, {
    hint: "choose one by its entry point, such as `-e MODULE:FUNCTION`",
  });
}

/** Script names that fit on a line or two of a hint. */
const SHOWN_NAMES = 12;
/** Distributions that are named in full. */
const SHOWN_OWNERS = 20;

function notFound(name: string, owners: readonly ScriptOwner[]): ScriptNotFound {
  const where =
    owners.length === 0 ? "there are no distributions" : `looked in ${shortList(labels(owners), SHOWN_OWNERS)}`;
  return new ScriptNotFound(`Could not find script \`${escapeControl(name)}\` in any distribution, ${where}`, {
    hint: suggestion(name, owners),
  });
}

function labels(owners: readonly ScriptOwner[]): string[] {
  return [...new Set(owners.map(({ project, version }) => `${project} ${version}`))].toSorted(compareOrdinal);
}

function suggestion(name: string, owners: readonly ScriptOwner[]): string {
  const names = new Set<string>();
  for (const { contents } of owners) {
    for (const command of contents.commands) names.add(command.name);
    for (const file of contents.scriptFiles) names.add(file);
  }
  if (names.size === 0) return "none of them has a script: use `-m MODULE`, or require the project that has it";
  const near = closest(name, names);
  if (near !== undefined) return `did you mean \`${escapeControl(near)}\`?`;
  return `choose one of ${shortList([...names].map(escapeControl).toSorted(compareOrdinal), SHOWN_NAMES)}`;
}

function shortList(words: readonly string[], limit: number): string {
  const more = words.length - limit;
  return more > 0 ? `${words.slice(0, limit).join(", ")} and ${more} more` : words.join(", ");
}

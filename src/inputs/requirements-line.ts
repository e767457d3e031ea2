/** One logical line of a requirements file: a requirement with its hashes, or options. */

import { resolve } from "node:path";

import { assertNever, PexError } from "../base/errors.ts";
import { factsOf, FileError } from "../base/fs.ts";
import type { Host } from "../base/host.ts";
import type { SafeUrl } from "../base/safe-url.ts";
import type { Span } from "../base/text.ts";
import { SourceError } from "../standards/source-error.ts";
import { configSettings, parseSetting, type ConfigSettings } from "./config-settings.ts";
import { expandVariables } from "./environment-variables.ts";
import { parseHash } from "./hash-mode.ts";
import { parseRequirementArgument } from "./requirement-argument.ts";
import type { DocumentBuilder } from "./requirements-builder.ts";
import type { Origin, RequirementsFault } from "./requirements-fault.ts";
import { parseLineOptions } from "./requirements-options.ts";
import type { LineOption } from "./requirements-options.ts";
import type { LogicalLine } from "./requirements-text.ts";

/** What relative names in a file start from. */
export type Base =
  | { readonly kind: "directory"; readonly path: string }
  | { readonly kind: "url"; readonly url: SafeUrl };

/** The file that a line stands in. */
export interface FileContext {
  /** What messages call the file. */
  readonly shown: string;
  readonly base: Base;
  readonly isConstraints: boolean;
  readonly host: Pick<Host, "cwd" | "env">;
  readonly builder: DocumentBuilder;
}

/** A file that a line names, to be read in its place. */
export interface NestedFile {
  readonly name: string;
  readonly isConstraints: boolean;
  /** Reports a fault of the naming line. */
  blame(message: string, hint?: string): void;
}

type Blame = (span: Span, message: string, details?: Pick<RequirementsFault, "hint">) => void;

/** Adds what the line says to the builder and tells the files it names. */
export function readRequirementsLine(line: LogicalLine, context: FileContext): readonly NestedFile[] {
  const origin: Origin = { file: context.shown, line: line.line };
  const expansion = expandVariables(line.text, context.host.env);
  const blameSource: Blame = (span, message, details) =>
    context.builder.faults.push({ origin, message, source: line.text, span, ...details });
  for (const { name, span } of expansion.missing) {
    blameSource(span, `No value for environment variable \`${name}\``, { hint: "set it, also to an empty value" });
  }
  if (expansion.missing.length > 0) return [];
  const blame: Blame = (span, message, details) => blameSource(expansion.sourceSpan(span), message, details);

  const at = expansion.text.search(/(?<!\S)-/);
  const requirement = at === -1 ? expansion.text : expansion.text.slice(0, at).trim();
  const options = at === -1 ? [] : readOptions(expansion.text.slice(at), { offset: at, blame });
  if (requirement === "") return applyOptions(options, { context, blame, origin });
  addRequirement({ text: requirement, ...readDetails(options, blame) }, { context, blame, origin });
  return [];
}

function readOptions(
  text: string,
  { offset, blame }: { readonly offset: number; readonly blame: Blame },
): readonly LineOption[] {
  const moved = ({ start, end }: Span): Span => ({ start: start + offset, end: end + offset });
  const { options, faults } = parseLineOptions(text);
  for (const { span, message, hint } of faults) blame(moved(span), message, { hint });
  return options.map((option) => ({ ...option, span: moved(option.span) }));
}

/** What stands behind a requirement. */
interface LineDetails {
  readonly hashes: readonly string[];
  readonly configSettings: ConfigSettings | undefined;
}

/** What only concerns builds by `setup.py` is dropped; so are hashes that nothing can have, beside a good one, as in pip. */
function readDetails(options: readonly LineOption[], blame: Blame): LineDetails {
  const hashes = new Set<string>();
  const faults: { readonly span: Span; readonly problem: string }[] = [];
  const settings: (readonly [string, string])[] = [];
  for (const { name, value, span } of options) {
    if (name === "--hash") {
      const parsed = parseHash(value);
      if ("hash" in parsed) hashes.add(parsed.hash);
      else faults.push({ span, problem: parsed.problem });
    } else if (name === "--config-settings") {
      const setting = parseSetting(value);
      if (setting !== undefined) settings.push(setting);
      else blame(span, `A setting is written as \`KEY=VALUE\`: \`${value}\``);
    } else if (name !== "--global-option" && name !== "--install-option") {
      blame(span, `Not an option of a requirement: \`${name}\``, { hint: "put it on a line of its own" });
    }
  }
  if (hashes.size === 0) for (const { span, problem } of faults) blame(span, problem);
  return { hashes: [...hashes], configSettings: configSettings(settings) };
}

interface Surroundings {
  readonly context: FileContext;
  readonly blame: Blame;
  readonly origin: Origin;
}

function addRequirement(line: LineDetails & { readonly text: string }, { context, blame, origin }: Surroundings): void {
  const { text, ...details } = line;
  const whole = { start: 0, end: text.length };
  try {
    const found = parseRequirementArgument(text, directoryOf(text, context));
    if (found.kind === "source") {
      const { source } = found;
      if (!context.isConstraints) context.builder.sources.push({ source, ...details, origin });
      else if (source.project === undefined) blame(whole, "A constraint needs a name", { hint: "write `name @ URL`" });
      else if (source.extras.length > 0) blame(whole, "Constraints cannot have extras");
      else context.builder.constraintSources.push({ source, ...details, origin });
      return;
    }
    const { requirement } = found;
    const wheelFile = found.kind === "wheel-file" ? found : undefined;
    if (!context.isConstraints) context.builder.requirements.push({ requirement, ...details, origin, wheelFile });
    else if (requirement.extras.length > 0) blame(whole, "Constraints cannot have extras");
    else context.builder.constraints.push({ requirement, ...details, origin, wheelFile });
  } catch (error) {
    if (!(error instanceof PexError)) throw error;
    if (error instanceof SourceError && error.source === text) blame(error.span, error.what, { hint: error.hint });
    else blame(whole, error.message.split("\n", 1)[0] ?? "", { hint: error.hint ?? hintFor(error) });
  }
}

/** Lists of what is installed name the directories that it was installed from, on whatever machine that was. */
function hintFor(error: PexError): string | undefined {
  if (!(error instanceof FileError)) return undefined;
  return "if `pip freeze` printed that on another machine, use `pip list --format=freeze` there, which prints versions";
}

/** pip starts relative paths from the working directory; a path that is only there beside the file is meant as well. */
function directoryOf(path: string, { base, host }: Pick<FileContext, "base" | "host">): string {
  const bare = path.split(/[[;]/, 1)[0]?.trim() ?? path;
  if (base.kind === "url" || factsOf(resolve(host.cwd, bare))) return host.cwd;
  return factsOf(resolve(base.path, bare)) ? base.path : host.cwd;
}

function applyOptions(options: readonly LineOption[], surroundings: Surroundings): readonly NestedFile[] {
  const nested: NestedFile[] = [];
  for (const option of options) {
    const { name, value, span } = option;
    if (name === "--requirement" || name === "--constraint") {
      nested.push({
        name: value,
        // Whatever a constraints file names only limits as well.
        isConstraints: name === "--constraint" || surroundings.context.isConstraints,
        blame: (message, hint) => surroundings.blame(span, message, { hint }),
      });
    } else applyOption({ ...option, name }, surroundings);
  }
  return nested;
}

type GlobalOption = Omit<LineOption, "name"> & {
  readonly name: Exclude<LineOption["name"], "--requirement" | "--constraint">;
};

function applyOption({ name, value, span }: GlobalOption, { context, blame, origin }: Surroundings): void {
  const { builder } = context;
  switch (name) {
    case "--index-url":
    case "--extra-index-url":
    case "--find-links":
      builder.addPlace(name, name === "--find-links" ? findLinksPlace(value, context) : value, origin.file);
      return;
    case "--no-index":
      builder.noIndex = true;
      return;
    case "--pre":
      builder.prereleases = true;
      return;
    case "--prefer-binary":
      builder.preferBinary = true;
      return;
    case "--all-releases":
    case "--only-final":
    case "--only-binary":
    case "--no-binary":
      builder.addProjects(name, value);
      return;
    case "--trusted-host":
      builder.trustedHosts.push(value);
      return;
    case "--require-hashes":
    case "--no-require-hashes":
      builder.requireHashes = name === "--require-hashes";
      return;
    case "--editable":
      if (!/[/.:]/.test(value)) blame(span, `Neither a path nor a URL: \`${value}\``, { hint: "write `./` before it" });
      // A PEX holds no links to source trees: editable or not is the same.
      else addRequirement({ text: value, hashes: [], configSettings: undefined }, { context, blame, origin });
      return;
    case "--hash":
      blame(span, "No requirement before a hash", { hint: "end the line above with `\\`" });
      return;
    // Features of pip and of builds by `setup.py`: nothing here depends on them.
    case "--use-feature":
    case "--config-settings":
    case "--global-option":
    case "--install-option":
      return;
    default:
      assertNever(name);
  }
}

/** pip looks for a directory beside the file first, then in the working directory. */
function findLinksPlace(value: string, { base, host }: FileContext): string {
  if (/^[a-z][a-z0-9+.-]+:/i.test(value)) return value;
  if (base.kind === "url") return URL.parse(value, base.url.reveal().href)?.href ?? value;
  const beside = resolve(base.path, value);
  return factsOf(beside) === undefined ? resolve(host.cwd, value) : beside;
}

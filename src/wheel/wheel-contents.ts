/** The little that a build asks of every wheel, worked out once per wheel and kept by its digest. */

import type { Sha256 } from "../base/digest.ts";
import { parseEntryPoints, type EntryPoint } from "../standards/entry-points.ts";

import { readWheelFile } from "./verify.ts";
import { installedPath, withWheel, type WheelSource } from "./wheel-source.ts";

/** A command that a wheel declares in its `entry_points.txt`. */
export interface CommandEntryPoint {
  readonly name: string;
  readonly module: string;
  /** Dotted path inside the module; `undefined` means the module itself. */
  readonly attribute: string | undefined;
}

/** What is in a wheel. */
export interface WheelContents {
  /** Of the groups `console_scripts` and `gui_scripts`. */
  readonly commands: readonly CommandEntryPoint[];
  /** Names of files below `.data/scripts/`. */
  readonly scriptFiles: readonly string[];
  /** First components of the paths that land in site-packages, `.dist-info` left out; sorted. */
  readonly topLevelNames: readonly string[];
  readonly rootIsPurelib: boolean;
  /** Whether there are files below `.data/data/`, other than documentation: only a virtual environment has a place for them. */
  readonly hasData: boolean;
}

/** Keeps texts by digest; `cache/text-cache.ts` is one. */
export interface ContentsCache {
  read(key: Sha256): string | undefined;
  write(key: Sha256, text: string): void;
}

/**
 * The contents of a wheel, from the cache if they are there; otherwise the wheel is checked as `verifyWheel` does.
 *
 * @throws CorruptWheel, FileError
 */
export async function wheelContents(
  wheel: { readonly path: string; readonly filename: string; readonly sha256: Sha256 },
  cache: ContentsCache,
): Promise<WheelContents> {
  const known = decode(cache.read(wheel.sha256));
  if (known) return known;
  const contents = await withWheel(wheel, readContents);
  cache.write(wheel.sha256, encode(contents));
  return contents;
}

async function readContents(source: WheelSource): Promise<WheelContents> {
  const wheelFile = await readWheelFile(source);
  const scripts = `${source.dataDirectory}/scripts/`;
  const scriptFiles: string[] = [];
  const topLevelNames = new Set<string>();
  const data = `${source.dataDirectory}/data/`;
  let hasData = false;
  for (const { name, isDirectory } of source.entries) {
    if (isDirectory) continue;
    if (name.startsWith(scripts)) scriptFiles.push(name.slice(scripts.length));
    hasData ||= name.startsWith(data) && !DOCUMENTATION.test(name.slice(data.length));
    const topLevel = installedPath(name, source)?.split("/", 1)[0];
    if (topLevel) topLevelNames.add(topLevel);
  }
  return {
    commands: parseEntryPoints((await source.readDistInfo("entry_points.txt")) ?? "")
      .filter(isCommand)
      .map(({ name, module, attribute }) => ({ name, module, attribute })),
    scriptFiles,
    topLevelNames: [...topLevelNames].toSorted(),
    rootIsPurelib: wheelFile.get("root-is-purelib")?.[0]?.toLowerCase() === "true",
    hasData,
  };
}

/** Manuals and the like, which many wheels have and no program looks for. */
const DOCUMENTATION = /^share\/(?:man|doc|info)\//;

function isCommand(entryPoint: EntryPoint): boolean {
  return entryPoint.group === "console_scripts" || entryPoint.group === "gui_scripts";
}

const FORMAT = 2;

/** Short: 91 of these are read on a warm build of JupyterLab. */
function encode(contents: WheelContents): string {
  const commands = contents.commands.map(({ name, module, attribute }) => [name, module, attribute ?? null]);
  const { scriptFiles, topLevelNames, rootIsPurelib, hasData } = contents;
  return JSON.stringify({ format: FORMAT, commands, scriptFiles, topLevelNames, rootIsPurelib, hasData });
}

/** The contents, or `undefined` for what we did not write in this form. */
function decode(text: string | undefined): WheelContents | undefined {
  if (text === undefined) return undefined;
  try {
    const value = JSON.parse(text) as EncodedContents;
    if (value.format !== FORMAT || !Array.isArray(value.scriptFiles) || !Array.isArray(value.topLevelNames))
      return undefined;
    const commands = value.commands.map(([name, module, attribute]) => ({
      name,
      module,
      attribute: attribute ?? undefined,
    }));
    const { scriptFiles, topLevelNames, rootIsPurelib, hasData } = value;
    return { commands, scriptFiles, topLevelNames, rootIsPurelib, hasData };
  } catch {
    return undefined;
  }
}

interface EncodedContents extends Omit<WheelContents, "commands"> {
  readonly format: number;
  readonly commands: readonly (readonly [string, string, string | null])[];
}

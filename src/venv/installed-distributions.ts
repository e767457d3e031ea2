/**
 * The distributions installed in a virtual environment, each as the tree that its wheel would be installed as
 * (recording installed projects, PEP 376 and 627).
 */

import { join, normalize, sep } from "node:path";

import { PexError } from "../base/errors.ts";
import { factsOf, isFile, listDirectory, readBytes, readTextIfExists } from "../base/fs.ts";
import { compareOrdinal, escapeControl } from "../base/text.ts";
import { parseDirectUrl } from "../standards/direct-url.ts";
import { parseHeaderFields } from "../standards/header-fields.ts";
import { parseRecord } from "../standards/record.ts";
import { compressTags } from "../standards/tag.ts";
import { tryParseWheelFilename, type WheelFilename } from "../standards/wheel-filename.ts";
import { PREFIX, type InstalledFile, type InstalledTree } from "../wheel/installed-tree.ts";
import type { VirtualEnvironment } from "./environment.ts";
import { portableScript } from "./portable-script.ts";

/** A distribution is not installed in a way that tells which wheel it was. */
export class NotAnInstalledWheel extends PexError {
  readonly code = "NOT_AN_INSTALLED_WHEEL";
}

/** One distribution of an environment. */
export interface InstalledDistribution {
  /** The file name that its wheel has, or would have. */
  readonly wheel: WheelFilename;
  /** The URL of its project, of which only a reference is installed (`pip install -e`). */
  readonly editable: string | undefined;
  /** Its files. @throws NotAnInstalledWheel, FileError */
  tree(): InstalledTree;
}

/** All distributions of an environment, sorted by the file name of their wheels. @throws FileError */
export function installedDistributions(environment: VirtualEnvironment): InstalledDistribution[] {
  const found = environment.sitePackages.flatMap((directory) =>
    listDirectory(directory)
      .filter((name) => name.endsWith(".dist-info") && isFile(join(directory, name, "METADATA")))
      .flatMap((name) => distributionAt({ environment, directory, name })),
  );
  return found.toSorted((left, right) => compareOrdinal(left.wheel.text, right.wheel.text));
}

/** A `.dist-info` directory and the directory that it lies in. */
interface Place {
  readonly environment: VirtualEnvironment;
  readonly directory: string;
  readonly name: string;
}

function distributionAt(place: Place): InstalledDistribution[] {
  const wheel = tryParseWheelFilename(wheelFilename(place));
  if (wheel === undefined) return [];
  return [{ wheel, editable: editableProject(place), tree: () => ({ filename: wheel.text, files: filesOf(place) }) }];
}

/** Who installs a wheel names `.dist-info` as the wheel does; tags and build number are in WHEEL. */
function wheelFilename({ directory, name }: Place): string {
  const stem = name.slice(0, -".dist-info".length);
  const { fields } = parseHeaderFields(readTextIfExists(join(directory, name, "WHEEL")) ?? "");
  const build = fields.get("build")?.[0]?.trim();
  const tags = compressTags((fields.get("tag") ?? ["py3-none-any"]).map((tag) => tag.trim()));
  return `${stem}${build ? `-${build}` : ""}-${tags}.whl`;
}

function editableProject({ directory, name }: Place): string | undefined {
  const text = readTextIfExists(join(directory, name, "direct_url.json"));
  if (text === undefined) return undefined;
  const origin = parseDirectUrl(text);
  return origin.kind === "directory" && origin.editable ? origin.url : undefined;
}

function filesOf(place: Place): Map<string, InstalledFile> {
  const { directory, name, environment } = place;
  const record = readTextIfExists(join(directory, name, "RECORD"));
  if (record === undefined) throw notInstalled(place, "it has no RECORD, so that nobody knows its files");
  const files = new Map<string, InstalledFile>();
  for (const { path } of parseRecord(record)) {
    if (/\.py[co]$|\/$/.test(path) || path === `${name}/RECORD`) continue;
    const absolute = normalize(join(directory, path));
    const facts = factsOf(absolute);
    if (facts?.kind !== "file") throw notInstalled(place, `a file of it is missing, ${path}`);
    const treePath = pathInTree(absolute, environment);
    if (treePath === undefined) throw notInstalled(place, `a file of it lies elsewhere, ${path}`);
    files.set(treePath, {
      mode: (facts.mode & 0o111) === 0 ? 0o644 : 0o755,
      read: async () =>
        treePath.startsWith(`${PREFIX}/bin/`) ? portableScript(readBytes(absolute)) : readBytes(absolute),
    });
  }
  return files;
}

/** Where `installWheel` would have put a file of the environment; `undefined` for one outside of it. */
function pathInTree(path: string, { directory, sitePackages }: VirtualEnvironment): string | undefined {
  const site = sitePackages.find((each) => path.startsWith(each + sep));
  if (site !== undefined) return path.slice(site.length + 1);
  if (!path.startsWith(directory + sep)) return undefined;
  const inside = path.slice(directory.length + 1);
  if (inside.startsWith("bin/")) return `${PREFIX}/${inside}`;
  return inside.startsWith("include/site/") ? `${PREFIX}/${inside}` : `${PREFIX}/data/${inside}`;
}

/** @param reason A part of a sentence, such as `it lacks a file`. */
function notInstalled({ directory, name }: Place, reason: string): NotAnInstalledWheel {
  const shown = escapeControl(join(directory, name));
  return new NotAnInstalledWheel(`Cannot make a wheel of what is installed, ${escapeControl(reason)}: ${shown}`, {
    hint: "install it again with `pip install --force-reinstall`, from a wheel",
  });
}

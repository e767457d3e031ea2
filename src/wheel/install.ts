/**
 * Installs a wheel into a tree of its own, as pex keeps it: what belongs into site-packages at the root, the rest of
 * `.data` below `.prefix/`, and files beside it that let pex rebuild the wheel ("Installing a wheel", PEP 427).
 */

import { createHash } from "node:crypto";

import { corruptWheel } from "../archive/corrupt-wheel.ts";
import { checkSafePath } from "../archive/safe-path.ts";
import type { ZipEntry } from "../archive/zip-reader.ts";
import type { Sha256 } from "../base/digest.ts";
import { parseEntryPoints } from "../standards/entry-points.ts";
import { parseHeaderFields } from "../standards/header-fields.ts";
import { formatRecord, type RecordEntry } from "../standards/record.ts";

import { PREFIX } from "./installed-tree.ts";
import { entryPointScript } from "./script.ts";
import { readWheelFile } from "./verify.ts";
import type { WheelDestination } from "./wheel-destination.ts";
import type { WheelSource } from "./wheel-source.ts";

/**
 * Installs all files of a wheel, in the order of its archive, then those that installing makes.
 *
 * @param fingerprint What `.layout.json` shall say.
 * @throws CorruptWheel, ZipError, or what the destination throws.
 */
export async function installWheel(
  source: WheelSource,
  destination: WheelDestination,
  fingerprint: Sha256,
): Promise<void> {
  const rootIsPurelib = (await readWheelFile(source)).get("root-is-purelib")?.[0]?.toLowerCase() === "true";
  const name = parseHeaderFields((await source.readDistInfo("METADATA")) ?? "").fields.get("name")?.[0];
  const tree = new InstalledTree(source, destination);
  for (const entry of source.entries) {
    const place = entry.isDirectory ? undefined : placeOf(entry, source, name);
    if (place !== undefined) await tree.copy(place, entry);
  }
  await addEntryPointScripts(source, tree);
  await tree.add(`${source.distInfo.replace(/dist-info$/, "pex-info")}/original-whl-info.json`, originalInfo(source));
  const layout = {
    fingerprint,
    record_relpath: recordPath(source),
    root_is_purelib: rootIsPurelib,
    stash_dir: PREFIX,
    sys_path_entries: ["."],
  };
  await tree.finish(recordPath(source), layout);
}

interface Place {
  readonly path: string;
  readonly mode: number;
}

/** Where an entry goes; RECORD goes nowhere, because it is written anew. */
function placeOf(entry: ZipEntry, source: WheelSource, project = source.name.name): Place | undefined {
  const { name } = entry;
  const mode = (entry.mode & 0o111) !== 0 ? 0o755 : 0o644;
  if (name === recordPath(source)) return undefined;
  if (!name.startsWith(`${source.dataDirectory}/`)) return { path: name, mode };
  const [, scheme = "", ...rest] = name.split("/");
  const path = rest.join("/");
  switch (scheme) {
    // Both at the root: a package that is split between them is one package.
    case "purelib":
    case "platlib":
      return { path, mode };
    case "scripts":
      return { path: `${PREFIX}/bin/${path}`, mode: 0o755 };
    case "headers":
      // Whoever makes an environment of the tree knows the version of its Python.
      return { path: `${PREFIX}/include/site/pythonX.Y/${project}/${path}`, mode };
    case "data":
      return { path: `${PREFIX}/data/${path}`, mode };
    default:
      throw corruptWheel(source.name.text, `it installs to an unknown place, ${scheme}`);
  }
}

async function addEntryPointScripts(source: WheelSource, tree: InstalledTree): Promise<void> {
  for (const entryPoint of parseEntryPoints((await source.readDistInfo("entry_points.txt")) ?? "")) {
    const { group, name } = entryPoint;
    if (group !== "console_scripts" && group !== "gui_scripts") continue;
    const path = `${PREFIX}/bin/${name}`;
    if (/[/\\\0]/.test(name) || name === "" || name === "..") {
      throw corruptWheel(source.name.text, `a script has an impossible name, ${JSON.stringify(name)}`);
    }
    // A console script goes before a window's one of the same name, and a file of the wheel before both.
    if (!tree.has(path)) await tree.add(path, Buffer.from(entryPointScript(entryPoint)), 0o755);
  }
}

/** Entries of the wheel in their order, as upstream notes them to put the wheel together again; dates are not kept. */
function originalInfo(source: WheelSource): Buffer {
  const entries = source.entries.map(({ name, mode }) => [name, [1980, 1, 1, 0, 0, 0], mode * 0x10000]);
  return Buffer.from(JSON.stringify({ entries, filename: source.name.text }));
}

function recordPath(source: WheelSource): string {
  return `${source.distInfo}/RECORD`;
}

/** The tree as far as it is written, and what RECORD will say of it. */
class InstalledTree {
  readonly #source: WheelSource;
  readonly #destination: WheelDestination;
  readonly #record = new Map<string, RecordEntry>();

  constructor(source: WheelSource, destination: WheelDestination) {
    this.#source = source;
    this.#destination = destination;
  }

  has(path: string): boolean {
    return this.#record.has(path);
  }

  /** Takes in a file of the wheel. */
  async copy({ path, mode }: Place, entry: ZipEntry): Promise<void> {
    // Compiled code of the machine that built the wheel is of no use elsewhere.
    if (path.endsWith(".pyc")) return;
    this.#checkFree(path);
    const digest = await this.#destination.copy(path, entry, mode);
    this.#record.set(path, { path, hash: `sha256=${digest}`, size: entry.size });
  }

  /** Takes in a file that installing makes. */
  async add(path: string, content: Uint8Array, mode = 0o644): Promise<void> {
    this.#checkFree(path);
    const digest = createHash("sha256").update(content).digest("base64url");
    this.#record.set(path, { path, hash: `sha256=${digest}`, size: content.length });
    await this.#destination.write(path, content, mode);
  }

  #checkFree(path: string): void {
    checkSafePath(path);
    if (this.has(path)) throw corruptWheel(this.#source.name.text, `it has two files for the same place, ${path}`);
    if (path === LAYOUT) throw corruptWheel(this.#source.name.text, `it has a file of a reserved name, ${path}`);
  }

  /** Writes RECORD ("The .dist-info directory", PEP 376), and what pex reads before it. */
  async finish(recordPath: string, layout: object): Promise<void> {
    const rows = [...this.#record.values(), { path: recordPath, hash: undefined, size: undefined }];
    await this.#destination.write(recordPath, Buffer.from(formatRecord(rows)), 0o644);
    await this.#destination.write(LAYOUT, Buffer.from(JSON.stringify(layout)), 0o644);
  }
}

const LAYOUT = ".layout.json";

/** Makes the Python package of `packaging/python/`: the built commands with a launcher, as a wheel and as an sdist. */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { gzipSync } from "fflate";
import { packTar } from "modern-tar";
import { parse as parseToml } from "smol-toml";

import { deflatedMember } from "../src/archive/zip-member.ts";
import { writeZip } from "../src/archive/zip-writer.ts";
import { formatRecord } from "../src/standards/record.ts";
import { formatVersion, parseVersion } from "../src/standards/version.ts";

/** The earliest date that a zip file can say. */
const EPOCH = new Date("1980-01-01T00:00:00Z");

/** The table `project` of `packaging/python/pyproject.toml`, as far as it is used there. */
interface Project {
  readonly name: string;
  readonly description: string;
  readonly readme: string;
  readonly "requires-python": string;
  readonly license: string;
  readonly "license-files": readonly string[];
  readonly keywords: readonly string[];
  readonly classifiers: readonly string[];
  readonly "optional-dependencies": Readonly<Record<string, readonly string[]>>;
  readonly scripts: Readonly<Record<string, string>>;
  readonly "entry-points": Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Paths with `/` → content. */
type Files = ReadonlyMap<string, Uint8Array>;

/** Writes both archives into a folder and gives their paths; equal sources give equal bytes. */
export async function writePythonPackage(root: string, folder: string): Promise<readonly string[]> {
  const sources = join(root, "packaging", "python");
  const { project } = parseToml(readFileSync(join(sources, "pyproject.toml"), "utf8")) as unknown as {
    project: Project;
  };
  const npm = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  const version = formatVersion(parseVersion(npm.version));
  const stem = `${project.name}-${version}`;
  const metadata = Buffer.from(coreMetadata(project, version, readFileSync(join(sources, project.readme), "utf8")));
  const wheel = wheelFiles(root, { project, stem, metadata });
  mkdirSync(folder, { recursive: true });
  const paths = [join(folder, `${stem}-py3-none-any.whl`), join(folder, `${stem}.tar.gz`)] as const;
  await writeWheel(paths[0], wheel);
  writeFileSync(paths[1], await sdist(stem, sdistFiles(sources, { wheel, metadata })));
  return paths;
}

function coreMetadata(project: Project, version: string, readme: string): string {
  const extras = Object.entries(project["optional-dependencies"]);
  const fields = [
    ["Metadata-Version", "2.4"],
    ["Name", project.name],
    ["Version", version],
    ["Summary", project.description],
    ["Keywords", project.keywords.join(",")],
    ["License-Expression", project.license],
    ...project["license-files"].map((name) => ["License-File", name]),
    ...project.classifiers.map((each) => ["Classifier", each]),
    ["Requires-Python", project["requires-python"]],
    ...extras.flatMap(([extra, requirements]) => [
      ["Provides-Extra", extra],
      ...requirements.map((each) => ["Requires-Dist", `${each} ; extra == "${extra}"`]),
    ]),
    ["Description-Content-Type", "text/markdown"],
  ];
  return `${fields.map(([name, value]) => `${name}: ${value}\n`).join("")}\n${readme}`;
}

function wheelFiles(root: string, parts: { project: Project; stem: string; metadata: Uint8Array }): Files {
  const { project, stem, metadata } = parts;
  const info = `${stem}.dist-info`;
  const groups = { console_scripts: project.scripts, ...project["entry-points"] };
  const entryPoints = Object.entries(groups).map(([group, entries]) => {
    const lines = Object.entries(entries).map(([name, object]) => `${name} = ${object}\n`);
    return `[${group}]\n${lines.join("")}`;
  });
  const files = new Map<string, Uint8Array>([
    ...filesBelow(join(root, "packaging", "python", "pexjs"), "pexjs"),
    ["pexjs/js/package.json", readFileSync(join(root, "package.json"))],
    ...filesBelow(join(root, "bin"), "pexjs/js/bin"),
    ...["main.cjs", "code-cache.cjs"].map(
      (name) => [`pexjs/js/dist/${name}`, readFileSync(join(root, "dist", name))] as const,
    ),
    ...filesBelow(join(root, "dist", "bytecode"), "pexjs/js/dist/bytecode"),
    ...filesBelow(join(root, "docs"), "pexjs/js/docs"),
    ...filesBelow(join(root, "python"), "pexjs/js/python"),
    ...project["license-files"].map((name) => [`${info}/licenses/${name}`, readFileSync(join(root, name))] as const),
    [`${info}/METADATA`, metadata],
    [`${info}/WHEEL`, Buffer.from("Wheel-Version: 1.0\nGenerator: pexjs\nRoot-Is-Purelib: true\nTag: py3-none-any\n")],
    [`${info}/entry_points.txt`, Buffer.from(entryPoints.join("\n"))],
  ]);
  return files.set(`${info}/RECORD`, Buffer.from(record(files, `${info}/RECORD`)));
}

function record(files: Files, own: string): string {
  const entries = [...files].map(([path, content]) => ({
    path,
    hash: `sha256=${createHash("sha256").update(content).digest("base64url")}`,
    size: content.length,
  }));
  return formatRecord([...entries, { path: own, hash: undefined, size: undefined }]);
}

/** What lies in a folder of this repository, in ordinal order and without what Python left there. */
function filesBelow(folder: string, prefix: string): [path: string, content: Uint8Array][] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((left, right) => (left.name < right.name ? -1 : 1));
  return entries.flatMap((entry): [string, Uint8Array][] => {
    const path = `${prefix}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === "__pycache__" ? [] : filesBelow(join(folder, entry.name), path);
    return entry.name.endsWith(".pyc") ? [] : [[path, readFileSync(join(folder, entry.name))]];
  });
}

async function writeWheel(path: string, files: Files): Promise<void> {
  await writeZip(path, { digest: false }, async (zip) => {
    for (const [name, content] of files) await zip.add(await deflatedMember(name, content));
  });
}

/** Whoever installs it has no builder for the commands, so that it holds what the wheel will hold. */
function sdistFiles(sources: string, made: { readonly wheel: Files; readonly metadata: Uint8Array }): Files {
  return new Map([
    ["PKG-INFO", made.metadata],
    ["README.md", readFileSync(join(sources, "README.md"))],
    ["pyproject.toml", readFileSync(join(sources, "pyproject.toml"))],
    ...filesBelow(join(sources, "backend"), "backend"),
    ...[...made.wheel].map(([path, content]) => [`wheel/${path}`, content] as const),
  ]);
}

async function sdist(stem: string, files: Files): Promise<Uint8Array> {
  const entries = [...files].map(([path, body]) => ({
    header: { name: `${stem}/${path}`, size: body.length, mode: 0o644, mtime: EPOCH, type: "file" as const },
    body,
  }));
  return gzipSync(await packTar(entries), { level: 9, mtime: 0 });
}

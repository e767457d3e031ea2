/** Real wheels of tiny projects, made on the spot; the zip is fflate's, so that it is not ours that checks ours. */
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { zipSync, type Zippable } from "fflate";

export interface WheelSpec {
  readonly name: string;
  readonly version: string;
  /** Path inside the wheel to its text or bytes. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly requires?: readonly string[];
  readonly extras?: readonly string[];
  readonly requiresPython?: string;
  /** The text of entry_points.txt. */
  readonly entryPoints?: string;
  /** Compressed tag set; `py2.py3-none-any` unless given. */
  readonly tag?: string;
  readonly purelib?: boolean;
  /** Files with the executable bit. */
  readonly executables?: readonly string[];
  /** Modes of files, type included, where they are odd. */
  readonly modes?: Readonly<Record<string, number>>;
}

export interface MadeWheel {
  readonly filename: string;
  readonly bytes: Uint8Array;
  readonly sha256: string;
  readonly metadata: string;
}

/** The bytes of a wheel; equal specs give equal bytes. */
export function makeWheel(spec: WheelSpec): MadeWheel {
  const tag = spec.tag ?? "py2.py3-none-any";
  const stem = `${spec.name.replaceAll("-", "_")}-${spec.version}`;
  const metadata = metadataText(spec);
  const members: Record<string, string | Uint8Array> = { ...spec.files };
  members[`${stem}.dist-info/METADATA`] = metadata;
  members[`${stem}.dist-info/WHEEL`] = wheelText(tag, spec.purelib ?? true);
  if (spec.entryPoints !== undefined) members[`${stem}.dist-info/entry_points.txt`] = spec.entryPoints;
  members[`${stem}.dist-info/RECORD`] = recordText(members, `${stem}.dist-info/RECORD`);
  const executables = new Set(spec.executables);
  const zippable: Zippable = {};
  for (const [path, content] of Object.entries(members)) {
    const mode = spec.modes?.[path] ?? (executables.has(path) ? 0o100755 : 0o100644);
    zippable[path] = [bytesOf(content), { level: 6, mtime: new Date(1980, 0, 1), os: 3, attrs: mode * 0x10000 }];
  }
  const bytes = zipSync(zippable);
  return { filename: `${stem}-${tag}.whl`, bytes, sha256: sha256(bytes), metadata };
}

/** Writes a wheel into a folder and gives its path. */
export function writeWheel(folder: string, spec: WheelSpec): string {
  mkdirSync(folder, { recursive: true });
  const wheel = makeWheel(spec);
  const path = join(folder, wheel.filename);
  writeFileSync(path, wheel.bytes);
  return path;
}

function metadataText(spec: WheelSpec): string {
  const lines = ["Metadata-Version: 2.1", `Name: ${spec.name}`, `Version: ${spec.version}`];
  if (spec.requiresPython !== undefined) lines.push(`Requires-Python: ${spec.requiresPython}`);
  for (const requirement of spec.requires ?? []) lines.push(`Requires-Dist: ${requirement}`);
  for (const extra of spec.extras ?? []) lines.push(`Provides-Extra: ${extra}`);
  return `${lines.join("\n")}\n`;
}

function wheelText(tag: string, purelib: boolean): string {
  const [pythons = "", abis = "", platforms = ""] = tag.split("-");
  const tags = pythons
    .split(".")
    .flatMap((python) =>
      abis.split(".").flatMap((abi) => platforms.split(".").map((platform) => `Tag: ${python}-${abi}-${platform}`)),
    );
  const root = purelib ? "true" : "false";
  return `Wheel-Version: 1.0\nGenerator: wheel-maker\nRoot-Is-Purelib: ${root}\n${tags.join("\n")}\n`;
}

function recordText(members: Readonly<Record<string, string | Uint8Array>>, record: string): string {
  const rows = Object.entries(members).map(([path, content]) => {
    const bytes = bytesOf(content);
    const digest = createHash("sha256").update(bytes).digest("base64url");
    return `${path},sha256=${digest},${bytes.length}`;
  });
  return `${[...rows, `${record},,`].join("\n")}\n`;
}

function bytesOf(content: string | Uint8Array): Uint8Array {
  return typeof content === "string" ? new TextEncoder().encode(content) : content;
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

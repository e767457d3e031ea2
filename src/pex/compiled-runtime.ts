/**
 * The runtime as code that an interpreter need not compile any more (docs/decisions/0015). `scripts/bytecode.mjs` makes
 * it when this package is built; a PEX takes what its targets can use.
 */

import { createHash } from "node:crypto";
import { join } from "node:path";
import { inflateRawSync } from "node:zlib";

import type { ArchiveFile } from "../archive/archive-file.ts";
import { compressedMember, type ZipMember } from "../archive/zip-member.ts";
import { isFile, readText } from "../base/fs.ts";

import { marshalled, type MarshalValue } from "./marshal.ts";

/** For one minor version of an implementation. */
export interface CompiledRuntime {
  /** Below `.bootstrap/`: a marshalled dictionary of the modules that a first start needs, each marshalled for itself. */
  readonly modules: ArchiveFile;
  /** The same for an archive. */
  modulesMember(path: string): ZipMember;
  /** `__main__.pyc`. */
  main(facts: MarshalValue): Uint8Array;
}

/** What `scripts/bytecode.mjs` writes; bytes are in base64. */
interface Stored {
  readonly cacheTag: string;
  /** In hexadecimal digits. */
  readonly magic: string;
  /** Of the sources. */
  readonly digest: string;
  /** Deflated. */
  readonly modules: string;
  readonly size: number;
  readonly main: readonly [string, string];
}

/**
 * Those that are there, in the order in which they are asked for.
 *
 * @param interpreters Such as `cpython-312`.
 * @param digest Of the sources that the PEX will hold, by {@link runtimeDigest}: what was compiled of others is not taken.
 */
export function readCompiledRuntimes(
  folder: string,
  interpreters: readonly string[],
  digest: string,
): readonly CompiledRuntime[] {
  return interpreters.flatMap((interpreter) => {
    const path = join(folder, `${interpreter}.json`);
    if (!isFile(path)) return [];
    const stored = JSON.parse(readText(path)) as Stored;
    return stored.digest === digest ? [compiledRuntime(stored)] : [];
  });
}

/** `compile-runtime.py` computes it, too. @param modules In ordinal order of paths. */
export function runtimeDigest(main: string, modules: readonly ArchiveFile[]): string {
  const hash = createHash("sha256").update(main);
  for (const module of modules) hash.update(module.read());
  return hash.digest("hex");
}

function compiledRuntime({ cacheTag, magic, modules, size, main }: Stored): CompiledRuntime {
  const deflated = Buffer.from(modules, "base64");
  const content = inflateRawSync(deflated, { maxOutputLength: size });
  return {
    // Whoever has the tag and the magic number understands it: alpha releases share the tag only.
    modules: { path: `compiled-${cacheTag}-${magic}`, mode: 0o644, read: () => content },
    modulesMember: (path) => compressedMember(path, content, deflated),
    main: (facts) => compiledMain(Buffer.from(magic, "hex"), main, marshalled(facts)),
  };
}

/** A `.pyc` file whose source nobody compares with it (PEP 552). */
function compiledMain(magic: Buffer, [start, end]: Stored["main"], facts: Buffer): Uint8Array {
  const uncheckedHash = Buffer.alloc(12);
  uncheckedHash.writeUInt32LE(1);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(facts.length);
  return Buffer.concat([magic, uncheckedHash, Buffer.from(start, "base64"), length, facts, Buffer.from(end, "base64")]);
}

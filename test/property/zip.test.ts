import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, test } from "vitest";

import { bytesSource } from "../../src/archive/byte-source.ts";
import { deflatedMember, storedMember, type ZipMember } from "../../src/archive/zip-member.ts";
import { readZipDirectory, readZipEntry } from "../../src/archive/zip-reader.ts";
import { writeMembers } from "../support/zip-members.ts";

const folder = mkdtempSync(join(tmpdir(), "pexjs-zip-law-"));
const path = join(folder, "out.zip");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const part = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 12 })
  .map((text) => text.replace(/[/\\\0]/g, "_"))
  .filter((text) => text !== "." && text !== ".." && Buffer.from(text).toString() === text && !/^[A-Za-z]:/.test(text));
const name = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"));
const content = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc
    .tuple(fc.uint8Array({ minLength: 1, maxLength: 20 }), fc.nat(60_000))
    .map(([unit, times]) => repeated(unit, times)),
);
const file = fc.record({ name, content, deflate: fc.boolean(), mode: fc.constantFrom(0o644, 0o755) });
const files = fc.uniqueArray(file, { maxLength: 8, selector: (each) => each.name });
const prefix = fc.uint8Array({ maxLength: 300 });

function repeated(unit: Uint8Array, times: number): Uint8Array {
  return Buffer.alloc(unit.length * times, unit);
}

async function* members(all: readonly { name: string; content: Uint8Array; deflate: boolean; mode: number }[]) {
  for (const { name, content, deflate, mode } of all) {
    const member: ZipMember = deflate ? await deflatedMember(name, content, mode) : storedMember(name, content, mode);
    yield member;
  }
}

test("what is written can be read, whatever its names, contents and prefix", async () => {
  await fc.assert(
    fc.asyncProperty(files, prefix, async (all, prefix) => {
      await writeMembers(path, members(all), { prefix });
      const source = bytesSource(readFileSync(path));
      const entries = await readZipDirectory(source);
      if (entries.length !== all.length) return false;
      for (const [index, expected] of all.entries()) {
        const entry = entries[index]!;
        const same = entry.name === expected.name && entry.mode === (0o100000 | expected.mode);
        if (!same || !Buffer.from(expected.content).equals(await readZipEntry(source, entry))) return false;
      }
      return true;
    }),
    { numRuns: 150 },
  );
});

test("equal members give equal bytes", async () => {
  await fc.assert(
    fc.asyncProperty(files, async (all) => {
      const first = await writeMembers(path, members(all));
      const second = await writeMembers(path, members(structuredClone(all)));
      return first.sha256 === second.sha256;
    }),
    { numRuns: 50 },
  );
});

test("a prefix that is put in front later shifts nothing", async () => {
  await fc.assert(
    fc.asyncProperty(files, prefix, async (all, prefix) => {
      await writeMembers(path, members(all));
      const source = bytesSource(Buffer.concat([prefix, readFileSync(path)]));
      const entries = await readZipDirectory(source);
      for (const [index, entry] of entries.entries()) {
        if (!Buffer.from(all[index]!.content).equals(await readZipEntry(source, entry))) return false;
      }
      return entries.length === all.length;
    }),
    { numRuns: 50 },
  );
});

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { afterAll, describe, expect, test } from "vitest";

import { unpackSdist } from "../../../src/sources/unpack.ts";

/** The same tar file, with `tiny-1.0/PKG-INFO` in it, as gzip, bzip2, xz and zstd compress it. */
const ARCHIVES: Readonly<Record<string, string>> = {
  "tiny-1.0.tar.gz":
    "H4sIAAAAAAACAyvJzKvUNdQz0A/wdtf19HPzZ6A+MAACMxMTMA0E6LSBgaExgg0SNzQwBgopGDDQAZQWlyQWAa1nGJnALzE31UqhBJgKuBhGwSgYBaNgFIwcAADztAUiAAgAAA==",
  "tiny-1.0.tar.bz2":
    "QlpoOTFBWSZTWeuXmNIAADlfgMqQQAPtEAGpwABiIx4gCQggAFRE1GhhAYmnog0ekGU1GmTQaZNAABJw+IZOCBZw9omc2ggKA8SKSit6gYMQEPQhcEt2SFub8OSJkpHNUxV9QQ8oAmZVOoNQj8XckU4UJDrl5jSA",
  "tiny-1.0.TXZ":
    "/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4Af/AFNdADoaSiDDTagEdP8AEP1rJMZaYJ+HGIJWwinrIkYeqTQjlic8jI99TOMfY3Ne7oIB08IpaoQsygvyD7npLSZcGrAjiSSW6PGnNJo0LEiMpSWD4/wAAACluYP4fjwViQABb4AQAAAAX44I27HEZ/sCAAAAAARZWg==",
  "tiny-1.0.tar.zst":
    "KLUv/QRofQIAEkQOEpA9BowKqzEFhrCEcBvu+ypAASBsS7NQs8oHfnBlxhpcgGPOzcHBMf8BQun/AVyvDeZiOTFjW5oDByBwH/H9aY46YPKESwSG41EXBiI9h0E=",
};

const directory = mkdtempSync(join(tmpdir(), "pexjs-unpack-"));
afterAll(() => rmSync(directory, { recursive: true }));

let serial = 0;

function given(name: string, content: Uint8Array): { archive: string; target: string } {
  const target = join(directory, String(++serial));
  mkdirSync(target);
  const archive = join(directory, `${serial}-${name}`);
  writeFileSync(archive, content);
  return { archive, target };
}

describe.each(Object.entries(ARCHIVES))("%s", (name, base64) => {
  const bytes = Buffer.from(base64, "base64");

  test("is unpacked", async () => {
    const { archive, target } = given(name, bytes);
    const project = await unpackSdist(archive, target);
    expect(project).toBe(join(target, "tiny-1.0"));
    expect(readFileSync(join(project, "PKG-INFO"), "utf8")).toBe("Name: tiny\n");
  });

  test.each([
    ["cut short", bytes.subarray(0, bytes.length / 2)],
    ["damaged", Buffer.concat([bytes.subarray(0, 40), Buffer.alloc(20, 7), bytes.subarray(60)])],
    ["something else", Buffer.from("<!doctype html>".repeat(20))],
  ])("that is %s is an error of ours", async (_, content) => {
    const { archive, target } = given(name, content);
    await expect(unpackSdist(archive, target)).rejects.toMatchObject({ code: "ARCHIVE" });
  });
});

test("an archive that unpacks to far more than its size lets expect is a trap", async () => {
  // Parts of a gzip file may stand one behind the other.
  const megabyte = gzipSync(Buffer.alloc(1 << 20));
  const { archive, target } = given("trap-1.0.tar.gz", Buffer.concat(Array.from({ length: 260 }, () => megabyte)));
  await expect(unpackSdist(archive, target)).rejects.toMatchObject({
    code: "ARCHIVE",
    message: expect.stringMatching(/^Cannot unpack .*: it unpacks to far more/),
    hint: expect.any(String),
  });
});

test("another form is refused with those that are read", async () => {
  const { archive, target } = given("tiny-1.0.rar", Buffer.alloc(10));
  await expect(unpackSdist(archive, target)).rejects.toMatchObject({
    code: "ARCHIVE",
    hint: expect.stringContaining(".tar.zst"),
  });
});

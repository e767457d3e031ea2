import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";

import { fileStreams } from "../../../src/archive/file-streams.ts";
import { cacheLayout } from "../../../src/cache/layout.ts";
import { WheelStore } from "../../../src/cache/wheel-store.ts";
import { writeLoose } from "../../../src/pex/layout-loose.ts";
import { writePacked } from "../../../src/pex/layout-packed.ts";
import { writeZipapp } from "../../../src/pex/layout-zipapp.ts";
import { normalizeName } from "../../../src/standards/project-name.ts";
import { makeWheel } from "../../support/wheel-maker.ts";
import { sampleImage } from "./sample-image.ts";

const folder = mkdtempSync(join(tmpdir(), "pexjs-installed-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const store = new WheelStore(cacheLayout(join(folder, "root")), fileStreams);

const SMALL = "demo.py";
const BIG = "demo/big.txt";
const ABOVE_ONE_MEBIBYTE = "0123456789abcdef".repeat(100_000);

let directory: string;
let serial = 0;
beforeEach(() => {
  directory = join(folder, String(serial++));
  mkdirSync(directory);
});

/** A wheel whose bytes were tampered with. */
async function hostile(tamper: (bytes: Buffer) => void) {
  const files = { [SMALL]: "x = 1\n".repeat(50), [BIG]: ABOVE_ONE_MEBIBYTE };
  const { bytes, filename } = makeWheel({ name: "demo", version: "1.0", files });
  const content = Buffer.from(bytes);
  tamper(content);
  const path = join(directory, filename);
  writeFileSync(path, content);
  return {
    stored: await store.adopt(path),
    project: normalizeName("demo"),
    version: "1.0",
    requiresPython: undefined,
    requires: [],
  };
}

/** Sets a field in both headers of an entry. */
function setField(
  bytes: Buffer,
  name: string,
  { local, central }: { local: number; central: number },
  value: number,
): void {
  for (let at = bytes.indexOf(name); at !== -1; at = bytes.indexOf(name, at + 1)) {
    if (bytes.readUInt32LE(Math.max(0, at - 30)) === 0x04034b50) bytes.writeUInt32LE(value, at - 30 + local);
    else if (bytes.readUInt32LE(Math.max(0, at - 46)) === 0x02014b50) bytes.writeUInt32LE(value, at - 46 + central);
  }
}

const CRC = { local: 14, central: 16 };
const SIZE = { local: 22, central: 24 };

const FAULTS: readonly (readonly [string, (bytes: Buffer) => void, RegExp])[] = [
  ["a wrong CRC", (bytes) => setField(bytes, SMALL, CRC, 1), /an entry is damaged: demo\.py/],
  ["a wrong CRC of a big file", (bytes) => setField(bytes, BIG, CRC, 1), /an entry is damaged: demo\/big\.txt/],
  ["a size that is not true", (bytes) => setField(bytes, SMALL, SIZE, 7), /does not have the 7 bytes it claims/],
  [
    "a big file that is longer than it says",
    (bytes) => setField(bytes, BIG, SIZE, 1_500_000),
    /does not have the 1500000 bytes/,
  ],
  [
    "a big file that is shorter than it says",
    (bytes) => setField(bytes, BIG, SIZE, 1_600_001),
    /does not have the 1600001 bytes/,
  ],
  [
    "deflated bytes that are none",
    (bytes) => bytes.fill(0xff, bytes.indexOf(BIG) + BIG.length, bytes.indexOf(BIG) + BIG.length + 64),
    /cannot be inflated: demo\/big\.txt/,
  ],
  [
    "a name that climbs out",
    (bytes) => {
      for (let at = bytes.indexOf(SMALL); at !== -1; at = bytes.indexOf(SMALL, at + 1)) bytes.write("../x.py", at);
    },
    /climbs out/,
  ],
  [
    "an encrypted entry",
    (bytes) => {
      const at = bytes.lastIndexOf(SMALL) - 46;
      bytes.writeUInt16LE(1, at + 8);
    },
    /encrypted/,
  ],
];

describe.each([
  ["zipapp", writeZipapp],
  ["packed", writePacked],
  ["loose", writeLoose],
] as const)("installing into a %s PEX", (_, write) => {
  test.each(FAULTS)("refuses a wheel with %s, and leaves nothing", async (_fault, tamper, message) => {
    const wheel = await hostile(tamper);
    const made = sampleImage({ wheels: [wheel], preInstall: true });
    const before = readdirSync(directory);
    await expect(write(made, join(directory, "out"))).rejects.toMatchObject({
      code: "CORRUPT_WHEEL",
      message: expect.stringMatching(message),
    });
    expect(readdirSync(directory)).toEqual(before);
  });
});

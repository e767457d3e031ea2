import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

import { inspectPex } from "../../../src/pex/inspect.ts";
import { buildZip } from "../archive/zip-builder.ts";

const folder = mkdtempSync(join(tmpdir(), "pexjs-inspect-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const INFO = '{"entry_point":"a:b"}';

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, content);
  return path;
}

test("a zip with a PEX-INFO is a zipapp, with or without a first line", async () => {
  const entries = [{ name: "PEX-INFO", content: INFO }];
  const prefix = Buffer.from("#!/usr/bin/env python\n");
  for (const path of [file("a.pex", buildZip(entries)), file("b.pex", buildZip(entries, { prefix }))]) {
    expect(await inspectPex(path)).toMatchObject({ layout: "zipapp", info: { entryPoint: "a:b" }, infoText: INFO });
  }
});

test("a directory is packed if its .bootstrap is a file, else loose", async () => {
  file("packed/PEX-INFO", INFO);
  file("packed/.bootstrap", "");
  file("loose/PEX-INFO", INFO);
  file("loose/.bootstrap/x.py", "");
  expect(await inspectPex(join(folder, "packed"))).toMatchObject({ layout: "packed" });
  expect(await inspectPex(join(folder, "loose"))).toMatchObject({ layout: "loose" });
});

test.each([
  ["a text", () => file("text", "hello"), "NOT_A_PEX"],
  ["a zip without PEX-INFO", () => file("plain.zip", buildZip([{ name: "a" }])), "NOT_A_PEX"],
  ["a cut PEX", () => file("cut", buildZip([{ name: "PEX-INFO", content: INFO }]).subarray(0, 50)), "NOT_A_PEX"],
  ["an empty directory", () => folder, "NOT_A_PEX"],
  ["nothing", () => join(folder, "nothing"), "FILE"],
  ["a broken PEX-INFO", () => file("broken", buildZip([{ name: "PEX-INFO", content: "{" }])), "INVALID_PEX_INFO"],
])("%s is refused", async (_, make, code) => {
  await expect(inspectPex(make())).rejects.toMatchObject({ code });
});

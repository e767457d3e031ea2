import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

import {
  FileError,
  listDirectory,
  makeDirectory,
  readText,
  readTextIfExists,
  writeFileAtomically,
} from "../../../src/base/fs.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pexjs-fs-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("an atomic write creates the directories and leaves only the file", () => {
  const path = join(folder, "deep", "er", "file");
  writeFileAtomically(path, "old");
  writeFileAtomically(path, "new", 0o755);
  expect(readText(path)).toBe("new");
  expect(readdirSync(join(folder, "deep", "er"))).toEqual(["file"]);
  expect(statSync(path).mode & 0o100).toBe(0o100);
});

test("a write that fails names the path and leaves nothing behind", () => {
  const path = join(folder, "taken");
  mkdirSync(path);
  writeFileSync(join(path, "content"), "");
  expect(() => writeFileAtomically(path, "text")).toThrow(FileError);
  expect(readdirSync(folder)).toEqual(["taken"]);
});

test("reading says why it failed", () => {
  expect(() => readText(join(folder, "absent"))).toThrow(/Cannot read .*absent: no such file or directory/);
  expect(() => readText(folder)).toThrow(/it is a directory/);
  expect(readTextIfExists(join(folder, "absent"))).toBeUndefined();
});

test("a byte order mark is not part of the text", () => {
  writeFileSync(join(folder, "bom"), "\uFEFFtext");
  expect(readText(join(folder, "bom"))).toBe("text");
});

test("directories are listed in ordinal order, an absent one is empty", () => {
  for (const name of ["b", "a", "B"]) writeFileSync(join(folder, name), "");
  expect(listDirectory(folder)).toEqual(["B", "a", "b"]);
  expect(listDirectory(join(folder, "absent"))).toEqual([]);
  chmodSync(folder, 0o755);
});

test("a directory is made with its parents, or says why not at once", () => {
  const path = join(folder, "deep", "er");
  makeDirectory(path);
  makeDirectory(path);
  expect(statSync(path).isDirectory()).toBe(true);
  writeFileSync(join(folder, "file"), "");
  expect(() => makeDirectory(join(folder, "file", "below"))).toThrow(FileError);
  expect(() => makeDirectory(join(folder, "file"))).toThrow(FileError);
  symlinkSync(join(folder, "emptied", "disk"), join(folder, "link"));
  makeDirectory(join(folder, "link", "inside"));
  expect(statSync(join(folder, "emptied", "disk", "inside")).isDirectory()).toBe(true);
  symlinkSync("round", join(folder, "round"));
  expect(() => makeDirectory(join(folder, "round", "inside"))).toThrow(FileError);
  // Node's own recursion never ends there.
  if (process.platform === "linux") expect(() => makeDirectory("/proc/pexjs/below")).toThrow(FileError);
});

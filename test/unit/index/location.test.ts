import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, describe, expect, test } from "vitest";

import { parseFindLinks, parseIndex } from "../../../src/index/location.ts";

const cwd = mkdtempSync(join(tmpdir(), "pexjs-location-"));
const home = join(cwd, "home");
mkdirSync(join(home, "house"), { recursive: true });
mkdirSync(join(cwd, "with space"));
writeFileSync(join(cwd, "links.html"), "");
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

describe("find-links", () => {
  test.each([
    ["with space", { kind: "directory", path: join(cwd, "with space") }],
    ["./with space/", { kind: "directory", path: join(cwd, "with space") }],
    [`file://${cwd}/with%20space`, { kind: "directory", path: join(cwd, "with space") }],
    ["~/house", { kind: "directory", path: join(home, "house") }],
    ["links.html", { kind: "file", path: join(cwd, "links.html") }],
    ["nowhere", { kind: "missing", path: join(cwd, "nowhere") }],
    ["/nowhere", { kind: "missing", path: "/nowhere" }],
  ])("%s", (text, expected) => {
    expect(parseFindLinks(text, { cwd, home })).toEqual(expected);
  });

  test("a URL is a page", () => {
    const found = parseFindLinks("HTTPS://index.example/links", { cwd, home });
    expect([found.kind, "url" in found && found.url.toString()]).toEqual(["page", "https://index.example/links"]);
  });
});

describe("indexes", () => {
  test.each([
    ["with space", "index-directory"],
    ["https://index.example/simple", "index"],
    ["links.html", "missing"],
  ])("%s is of kind %s", (text, kind) => {
    expect(parseIndex(text, { cwd, home }).kind).toBe(kind);
  });
});

test.each(["", "ftp://index.example/", "https://[", "file://other-host/x", "git+https://index.example/x"])(
  "%j is refused",
  (text) => {
    expect(() => parseFindLinks(text, { cwd, home })).toThrow(expect.objectContaining({ code: "INVALID_LOCATION" }));
    expect(() => parseIndex(text, { cwd, home })).toThrow(expect.objectContaining({ code: "INVALID_LOCATION" }));
  },
);

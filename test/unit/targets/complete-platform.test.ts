import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { formatVersion } from "../../../src/standards/version.ts";
import { completePlatformTarget } from "../../../src/targets/complete-platform.ts";
import { Workspace } from "../../support/workspace.ts";

const MARKERS = { python_full_version: "3.9.18", python_version: "3.9", sys_platform: "linux" };
const TAGS = ["cp39-cp39-manylinux2014_x86_64", "cp39-cp39-linux_x86_64", "py2.py3-none-any"];
const DOCUMENT = { path: "/ignored", marker_environment: MARKERS, compatible_tags: TAGS, other: ["ignored"] };

let workspace: Workspace;
beforeEach(() => void (workspace = new Workspace()));
afterEach(() => workspace.remove());

describe("a complete platform", () => {
  test("is the same from a file and from its text", () => {
    workspace.write("platform.json", JSON.stringify(DOCUMENT, null, 2));
    const fromFile = completePlatformTarget("platform.json", workspace.dir);
    expect(fromFile).toEqual(completePlatformTarget(` ${JSON.stringify(DOCUMENT)}`, "/"));
    expect(fromFile).toMatchObject({
      kind: "platform",
      description: "complete platform cp39-cp39-manylinux2014_x86_64",
      markers: MARKERS,
      tags: [...TAGS.slice(0, 2), "py2-none-any", "py3-none-any"],
      interpreter: undefined,
    });
    expect(fromFile.tagRanks.get("cp39-cp39-linux_x86_64")).toBe(1);
  });

  test.each([
    [MARKERS, "3.9.18"],
    [{ python_version: "3.9" }, "3.9"],
    [{ python_full_version: "3.15.0a1+" }, "3.15.0"],
    [{}, "3.9"],
  ])("has the version that its markers tell, else its best tag: %j", (markers, version) => {
    const text = JSON.stringify({ ...DOCUMENT, marker_environment: markers });
    expect(formatVersion(completePlatformTarget(text, "/").pythonVersion)).toBe(version);
  });
});

describe("no complete platform is", () => {
  test.each<[string, unknown, string]>([
    ["broken JSON", '{"marker_environment": ', "it is no JSON: "],
    ["a list", [], "it must be a JSON object"],
    ["one without markers", { compatible_tags: TAGS }, "the key `marker_environment` is missing"],
    ["one without tags", { marker_environment: MARKERS }, "the key `compatible_tags` is missing"],
    ["one with no tag", { ...DOCUMENT, compatible_tags: [] }, "`compatible_tags` must have at least one tag"],
    ["one whose tags are a text", { ...DOCUMENT, compatible_tags: "py3-none-any" }, "`compatible_tags` must be a list"],
    [
      "one with a number as tag",
      { ...DOCUMENT, compatible_tags: [3] },
      "every one of `compatible_tags` must be a string",
    ],
    ["one with a wrong tag", { ...DOCUMENT, compatible_tags: ["py3"] }, "one of `compatible_tags` is wrong"],
    ["one whose markers are a list", { ...DOCUMENT, marker_environment: [] }, "`marker_environment` must be an object"],
    [
      "one with a number as marker",
      { ...DOCUMENT, marker_environment: { python_version: 3.9 } },
      "the marker `python_version` must be a string",
    ],
    [
      "one with an unknown marker",
      { ...DOCUMENT, marker_environment: { ...MARKERS, flavour: "vanilla" } },
      "unknown marker in `marker_environment`: flavour",
    ],
    [
      "one that hides the version",
      { compatible_tags: ["py3-none-any"], marker_environment: {} },
      "its markers do not tell the version of Python",
    ],
  ])("%s", (_, document, reason) => {
    const text = typeof document === "string" ? document : JSON.stringify(document);
    expect(() => completePlatformTarget(text, "/")).toThrow(
      expect.objectContaining({
        code: "INVALID_COMPLETE_PLATFORM",
        message: expect.stringContaining(`Not a complete platform: the given JSON: ${reason}`),
      }),
    );
  });

  test("a misspelt marker, which is named together with what was meant", () => {
    const text = JSON.stringify({ ...DOCUMENT, marker_environment: { platform_sytem: "Linux" } });
    expect(() => completePlatformTarget(text, "/")).toThrow(
      expect.objectContaining({ hint: "write `platform_system`, or leave it out" }),
    );
  });

  test("a file that is not there", () => {
    expect(() => completePlatformTarget("nosuch.json", workspace.dir)).toThrow(
      expect.objectContaining({ code: "FILE", message: expect.stringContaining("nosuch.json") }),
    );
  });
});

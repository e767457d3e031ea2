import { describe, expect, test } from "vitest";

import { formatVersion } from "../../../src/standards/version.ts";
import {
  InvalidWheelFilename,
  parseWheelFilename,
  tryParseWheelFilename,
} from "../../../src/standards/wheel-filename.ts";

describe("the file name of a wheel", () => {
  test("tells project, version, build and tags", () => {
    const wheel = parseWheelFilename("Zope.Interface-5.0.post1-2b-cp38.cp39-abi3-manylinux1_x86_64.whl");
    expect(wheel).toMatchObject({
      text: "Zope.Interface-5.0.post1-2b-cp38.cp39-abi3-manylinux1_x86_64.whl",
      name: "Zope.Interface",
      project: "zope-interface",
      build: [2, "b"],
      tags: ["cp38-abi3-manylinux1_x86_64", "cp39-abi3-manylinux1_x86_64"],
    });
    expect(formatVersion(wheel.version)).toBe("5.0.post1");
    expect(parseWheelFilename("a-1-py3-none-any.whl").build).toBeUndefined();
  });

  test.each([
    ["a-1-py3-none-any.zip", "it must end in `.whl`"],
    ["a-1-none-any.whl", "it must have five or six parts"],
    ["a__b-1-py3-none-any.whl", "the project name is invalid"],
    ["-1-py3-none-any.whl", "the project name is invalid"],
    ["a-one-py3-none-any.whl", "the version is invalid"],
    ["a-1-x1-py3-none-any.whl", "the build tag must begin with a digit"],
    ["a-1-py3-none-.whl", "the tags are invalid"],
    ["a-1-py3-none-any/../x.whl", "it contains a path separator"],
    ["a-1-py3-none-any\\x.whl", "it contains a path separator"],
  ])("%s is refused: %s", (text, reason) => {
    expect(() => parseWheelFilename(text)).toThrow(InvalidWheelFilename);
    expect(() => parseWheelFilename(text)).toThrow(reason);
    expect(tryParseWheelFilename(text)).toBeUndefined();
  });
});

import { describe, expect, test } from "vitest";

import { compressTags, expandTags, InvalidTag } from "../../../src/standards/tag.ts";

test.each([
  [["py3-none-any"], "py3-none-any"],
  [["py2-none-any", "py3-none-any"], "py2.py3-none-any"],
  [["cp311-abi3-b", "cp311-abi3-a"], "cp311-abi3-b.a"],
])("%j is compressed to %s", (tags, compressed) => {
  expect(compressTags(tags)).toBe(compressed);
  expect(expandTags(compressed)).toEqual(tags);
});

describe("a compressed tag set", () => {
  test.each([
    ["py3-none-any", ["py3-none-any"]],
    ["py2.py3-none-any", ["py2-none-any", "py3-none-any"]],
    ["CP311-ABI3-Win_AMD64", ["cp311-abi3-win_amd64"]],
    ["py3.py3-none-any", ["py3-none-any"]],
    ["cp39-cp39-manylinux1_x86_64.linux_x86_64", ["cp39-cp39-manylinux1_x86_64", "cp39-cp39-linux_x86_64"]],
  ])("%s stands for its members", (compressed, tags) => {
    expect(expandTags(compressed)).toEqual(tags);
  });

  test.each([
    "",
    "py3",
    "py3-none",
    "py3-none-any-x",
    "py3--any",
    "py3-none-",
    "py3.-none-any",
    "3py-none-any",
    "py 3-none-any",
  ])("%j is refused", (text) => {
    expect(() => expandTags(text)).toThrow(InvalidTag);
  });

  test("that would grow beyond measure is refused", () => {
    const many = Array.from({ length: 200 }, (_, index) => `a${index}`).join(".");
    expect(() => expandTags(`${many}-${many}-${many}`)).toThrow("it holds too many tags");
  });
});

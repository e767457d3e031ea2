import { expect, test } from "vitest";

import { checkSafePath } from "../../../src/archive/safe-path.ts";

test.each(["a", "a/b.py", "..a/b..", "a/...", ".hidden", "a b", "a\\b", "ü/日本", "ab:c", "dir/"])(
  "lets %j pass",
  (path) => {
    expect(() => checkSafePath(path)).not.toThrow();
  },
);

test.each([
  ["", "ZIP_NAME"],
  ["a\0b", "ZIP_NAME"],
  ["..", "ZIP_TRAVERSAL"],
  ["../a", "ZIP_TRAVERSAL"],
  ["a/..", "ZIP_TRAVERSAL"],
  ["a/../b", "ZIP_TRAVERSAL"],
  ["a\\..\\b", "ZIP_TRAVERSAL"],
  ["/", "ZIP_ABSOLUTE_PATH"],
  ["/a", "ZIP_ABSOLUTE_PATH"],
  ["//host/share", "ZIP_ABSOLUTE_PATH"],
  ["\\a", "ZIP_ABSOLUTE_PATH"],
  ["c:\\a", "ZIP_ABSOLUTE_PATH"],
  ["C:a", "ZIP_ABSOLUTE_PATH"],
])("refuses %j with %s", (path, code) => {
  expect(() => checkSafePath(path)).toThrow(expect.objectContaining({ code }));
});

import { describe, expect, test } from "vitest";

import { formatRecord, InvalidRecord, parseRecord } from "../../../src/standards/record.ts";

describe("RECORD", () => {
  test("is read and written", () => {
    const text = 'a/b.py,sha256=AbC_-,12\n"with, comma.py",sha256=x,0\na-1.dist-info/RECORD,,\n';
    const entries = [
      { path: "a/b.py", hash: "sha256=AbC_-", size: 12 },
      { path: "with, comma.py", hash: "sha256=x", size: 0 },
      { path: "a-1.dist-info/RECORD", hash: undefined, size: undefined },
    ];
    expect(parseRecord(text)).toEqual(entries);
    expect(formatRecord(entries)).toBe(text);
  });

  test.each(["a,b,c,d\n", ",sha256=x,1\n", "a,,one\n", "a,,-1\n"])("%j is refused", (text) => {
    expect(() => parseRecord(text)).toThrow(InvalidRecord);
  });
});

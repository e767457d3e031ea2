import { inspect } from "node:util";
import { expect, test } from "vitest";

import { SafeUrl } from "../../../src/base/safe-url.ts";

const SECRET = "https://someone:hunter2@index.example/simple/?q=1#sha256=00";

test("no way of printing shows the credentials", () => {
  const url = SafeUrl.parse(SECRET);
  expect(url).toBeDefined();
  for (const text of [String(url), JSON.stringify({ url }), inspect(url), url?.identity ?? ""]) {
    expect(text).not.toContain("hunter2");
    expect(text).not.toContain("someone");
  }
  expect(url?.reveal().password).toBe("hunter2");
});

test("relative URLs keep what they are relative to", () => {
  const base = SafeUrl.parse(SECRET);
  expect(base && SafeUrl.parse("../files/a.whl", base)?.pathname).toBe("/files/a.whl");
  expect(SafeUrl.parse("not a url")).toBeUndefined();
});

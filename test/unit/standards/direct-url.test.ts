import { describe, expect, test } from "vitest";

import { formatDirectUrl, InvalidDirectUrl, parseDirectUrl } from "../../../src/standards/direct-url.ts";

describe("direct_url.json", () => {
  test.each([
    '{"archive_info":{"hash":"sha256=00","hashes":{"sha256":"00"}},"url":"https://x.example/a.zip"}',
    '{"archive_info":{},"subdirectory":"d","url":"https://x.example/a.zip"}',
    '{"dir_info":{"editable":true},"url":"file:///a"}',
    '{"dir_info":{},"url":"file:///a"}',
    '{"url":"https://x.example/r.git","vcs_info":{"commit_id":"0123","requested_revision":"main","vcs":"git"}}',
  ])("%s is read and written", (text) => {
    expect(formatDirectUrl(parseDirectUrl(text))).toBe(text);
  });

  test("the older field `hash` counts as well", () => {
    const text = '{"url": "https://x.example/a.zip", "archive_info": {"hash": "sha256=00"}}';
    expect(parseDirectUrl(text)).toMatchObject({ hashes: { sha256: "00" } });
  });

  test.each([
    "",
    "[]",
    '{"url": "x"}',
    '{"archive_info": {}}',
    '{"url": 1, "dir_info": {}}',
    '{"url": "x", "dir_info": {}, "archive_info": {}}',
    '{"url": "x", "vcs_info": {"vcs": "git"}}',
  ])("%j is refused", (text) => {
    expect(() => parseDirectUrl(text)).toThrow(InvalidDirectUrl);
  });
});

import { describe, expect, test } from "vitest";

import { caretFrame, closest, compareOrdinal, escapeControl, plural, sentenceList } from "../../../src/base/text.ts";

describe("compareOrdinal", () => {
  test("orders by code unit, not by the locale", () => {
    expect(["b", "B", "ä", "a", "_"].toSorted(compareOrdinal)).toEqual(["B", "_", "a", "b", "ä"]);
  });
});

describe("caretFrame", () => {
  test.each([
    ["flask==", { start: 5, end: 7 }, "    flask==\n         ^^"],
    ["one\ntwo three\nfour", { start: 8, end: 13 }, "    two three\n        ^^^^^"],
    ["short", { start: 5, end: 5 }, "    short\n         ^"],
    ["a\u0007b!", { start: 2, end: 3 }, "    a\\x07b!\n         ^"],
  ])("marks the span in %j", (source, span, expected) => {
    expect(caretFrame(source, span)).toBe(expected);
  });
});

describe("closest", () => {
  test.each([
    ["--requrement", ["--requirement", "--retries", "--rcfile"], "--requirement"],
    ["falsk", ["flask", "fastapi"], "flask"],
    ["zebra", ["flask", "django"], undefined],
    ["", ["a"], "a"],
  ])("finds what %j was meant to be", (word, candidates, expected) => {
    expect(closest(word, candidates)).toBe(expected);
  });
});

describe("escapeControl", () => {
  test("leaves line breaks and tabs, makes the rest visible", () => {
    expect(escapeControl("a\tb\nc\u001b[31m\u009b")).toBe("a\tb\nc\\x1b[31m\\x9b");
  });
});

test("plural counts nouns", () => {
  expect([plural(1, "wheel"), plural(0, "wheel"), plural(2, "entry", "entries")]).toEqual([
    "1 wheel",
    "0 wheels",
    "2 entries",
  ]);
});

test("sentenceList joins words as people do", () => {
  expect([[], ["a"], ["a", "b"], ["a", "b", "c"]].map((words) => sentenceList(words))).toEqual([
    "",
    "a",
    "a and b",
    "a, b and c",
  ]);
});

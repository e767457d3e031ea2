import { describe, expect, test } from "vitest";

import type { Event } from "../../../src/base/log.ts";
import { formatBytes } from "../../../src/cli/format-bytes.ts";
import { Progress, type ProgressOptions } from "../../../src/cli/progress.ts";
import { styleFor } from "../../../src/cli/style.ts";

function show(
  events: readonly (Event | number)[],
  options: Partial<ProgressOptions> & { readonly isTTY?: boolean },
): string {
  let text = "";
  let time = 0;
  const stderr = { isTTY: options.isTTY ?? false, columns: 60, write: (more: string) => (text += more) };
  const style = styleFor({ write: () => {} }, {});
  const progress = new Progress({ stderr, style, env: {}, quiet: false, verbosity: 0, ...options, now: () => time });
  for (const event of events) {
    if (typeof event === "number") time += event;
    else progress.listener(event);
  }
  progress.stop();
  return text;
}

const DOWNLOAD: readonly (Event | number)[] = [
  { kind: "metadata", project: "numpy" },
  { kind: "download-begin", id: 1, name: "numpy-2.0.whl", bytes: 18_000_000 },
  1000,
  { kind: "download-progress", id: 1, bytes: 9_000_000 },
  1000,
  { kind: "download-end", id: 1 },
];
const WARNING: Event = { kind: "warning", text: "strange \u0007", hint: "Look" };
const STEP: Event = { kind: "step", text: "resolved", level: 1 };
const FINE_STEP: Event = { kind: "step", text: "fine", level: 3 };
const SPAN: Event = { kind: "span", name: "resolve", milliseconds: 12.6 };

describe("on a terminal", () => {
  test("one line tells what, how many, how much and how fast, and is gone in the end", () => {
    const clear = "\r\u001b[K";
    expect(show([DOWNLOAD[0] ?? 0, 250, ...DOWNLOAD], { isTTY: true })).toBe(
      `${clear}Resolving: 1 project` +
        `${clear}Downloading: 0 of 1 file, 9.0 MB of 18 MB, 9.0 MB/s, numpy-` +
        `${clear}Downloading: 1 of 1 file, 18 MB of 18 MB, 9.0 MB/s${clear}`,
    );
  });

  test("a short work shows nothing", () => {
    expect(show([DOWNLOAD[0] ?? 0, 150, DOWNLOAD[1] ?? 0, 30], { isTTY: true })).toBe("");
  });

  test("the line is not redrawn more often than a person can read", () => {
    const many = Array.from({ length: 10_000 }, (_, index): Event => ({ kind: "metadata", project: `p${index}` }));
    const text = show(
      many.flatMap((event) => [event, 0.1]),
      { isTTY: true },
    );
    expect(text.split("\r").length).toBeLessThan(15);
  });

  test("a warning stands on a line of its own", () => {
    expect(show([DOWNLOAD[0] ?? 0, 300, DOWNLOAD[1] ?? 0, WARNING], { isTTY: true })).toContain(
      "file, 0 B of 18 MB, numpy-2.0.whl\r\u001b[Kwarning: strange \\x07\nhint: Look\n",
    );
  });
});

describe("where nobody watches", () => {
  test("nothing is shown but warnings, each once", () => {
    const events = [...DOWNLOAD, STEP, SPAN, WARNING, WARNING];
    const text = "warning: strange \\x07\nhint: Look\n";
    expect(show(events, {})).toBe(text);
    expect(show(events, { isTTY: true, env: { CI: "true" } })).toBe(text);
    expect(show(events, { isTTY: true, env: { TERM: "dumb" } })).toBe(text);
  });

  test("-v gives plain lines, more of them when repeated", () => {
    expect(show([...DOWNLOAD, STEP, FINE_STEP, SPAN], { verbosity: 1 })).toBe(
      "pex: downloading numpy-2.0.whl (18 MB)\npex: resolved\npex: resolve: 13ms\n",
    );
    expect(show([FINE_STEP], { verbosity: 3 })).toBe("pex: fine\n");
  });

  test("-q shows nothing at all", () => {
    expect(show([...DOWNLOAD, STEP, WARNING], { quiet: true, isTTY: true, verbosity: 2 })).toBe("");
  });
});

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [1_000, "1.0 kB"],
  [9_940, "9.9 kB"],
  [9_960, "10 kB"],
  [999_499, "999 kB"],
  [999_500, "1.0 MB"],
  [274_000_000, "274 MB"],
  [3_200_000_000, "3.2 GB"],
])("%d bytes are written %s", (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

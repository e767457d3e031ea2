import { expect, test } from "vitest";

import { portableScript } from "../../../src/venv/portable-script.ts";

const REST = "import sys\nprint('ä')\n";

test.each([
  ["#!/home/me/venv/bin/python\n", "#!python\n"],
  ["#!/home/me/venv/bin/python3.11 -E\n", "#!python\n"],
  ["#!/usr/bin/pypy3\n", "#!python\n"],
  ["#!/venv/bin/pythonw\n", "#!pythonw\n"],
  [`#!/bin/sh\n'''exec' "/a path/bin/python3" "$0" "$@"\n' '''\n`, "#!python\n"],
  [`#!/bin/sh\n'''exec' /long/bin/python3.11 "$0" "$@"\n' '''\n`, "#!python\n"],
  ["#!/bin/sh\n", "#!/bin/sh\n"],
  ["#!/usr/bin/perl\n", "#!/usr/bin/perl\n"],
  ["#!/opt/python-tools/bin/ruby\n", "#!/opt/python-tools/bin/ruby\n"],
  ["", ""],
])("the first line of an installed script, %j, was %j", (installed, original) => {
  expect(portableScript(Buffer.from(installed + REST)).toString()).toBe(original + REST);
});

test("what is no text stays as it is", () => {
  const binary = Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0xff, 0x0a]);
  expect(portableScript(binary)).toEqual(binary);
});

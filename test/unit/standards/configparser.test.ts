import { describe, expect, test } from "vitest";

import { InvalidConfig, parseConfig } from "../../../src/standards/configparser.ts";

function plain(text: string, keepCase = false): unknown {
  return Object.fromEntries(
    [...parseConfig(text, { keepCase })].map(([name, options]) => [name, Object.fromEntries(options)]),
  );
}

describe("a configuration file", () => {
  test("is read like pip.conf", () => {
    const text = `[global]
Index-URL = https://index.example/simple
extra-index-url =
    https://a.example
    # not this one
    https://b.example

timeout: 60
[install]
no-binary = :all:
`;
    expect(plain(text)).toEqual({
      global: {
        "index-url": "https://index.example/simple",
        "extra-index-url": "\nhttps://a.example\nhttps://b.example",
        timeout: "60",
      },
      install: { "no-binary": ":all:" },
    });
  });

  test("keeps the case of names when asked", () => {
    expect(plain("[a]\nB = c = d", true)).toEqual({ a: { B: "c = d" } });
  });

  test("adds the options of [DEFAULT] to every section", () => {
    expect(plain("[a]\nx=1\n[DEFAULT]\nx=0\ny=2\n[b]\n")).toEqual({ a: { x: "1", y: "2" }, b: { x: "0", y: "2" } });
  });

  test.each([
    ["x = 1", "Cannot read line 1 of the configuration: no section header stands before it"],
    ["[a]\nx", "Cannot read line 2 of the configuration: it is neither a section nor an option"],
    ["[a]\n= 1", "Cannot read line 2 of the configuration: it is neither a section nor an option"],
    ["[a]\nx=1\nX=2", "Cannot read line 3 of the configuration: option `x` occurs twice"],
    ["[a]\n[b]\n[a]", "Cannot read line 3 of the configuration: section `a` occurs twice"],
  ])("%j is refused", (text, message) => {
    expect(() => parseConfig(text)).toThrow(new InvalidConfig(message));
  });
});

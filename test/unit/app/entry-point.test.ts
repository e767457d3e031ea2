import { describe, expect, test } from "vitest";

import { AmbiguousScript, findScript, type ScriptOwner, type UnknownScript } from "../../../src/app/entry-point.ts";

const command = (name: string, module: string, attribute?: string): ScriptOwner["commands"][number] => ({
  name,
  module,
  attribute,
});
const owner = (project: string, more: Partial<ScriptOwner>): ScriptOwner => ({
  project,
  version: "1.0",
  commands: [],
  scriptFiles: [],
  ...more,
});

describe("findScript", () => {
  test("a console script stands for its entry point, a GUI script too", () => {
    const owners = [
      owner("one", { commands: [command("tool", "one.cli", "main")] }),
      owner("two", { commands: [command("window", "two", "Window.open")] }),
    ];
    expect(findScript("tool", owners)).toEqual({ kind: "entry-point", text: "one.cli:main" });
    expect(findScript("window", owners)).toEqual({ kind: "entry-point", text: "two:Window.open" });
  });

  test("a script file is run as it is, but a console script of that name comes first", () => {
    const file = owner("legacy", { scriptFiles: ["turk"] });
    expect(findScript("turk", [file])).toEqual({ kind: "script", name: "turk" });
    const modern = owner("modern", { commands: [command("turk", "modern", "main")] });
    expect(findScript("turk", [file, modern])).toEqual({ kind: "entry-point", text: "modern:main" });
  });

  test("the same target in several distributions is not ambiguous, different ones are", () => {
    const same = ["one", "two"].map((name) => owner(name, { commands: [command("tool", "shared", "main")] }));
    expect(findScript("tool", same)).toEqual({ kind: "entry-point", text: "shared:main" });
    const different = ["one", "two"].map((name) => owner(name, { commands: [command("tool", name, "main")] }));
    expect(() => findScript("tool", different)).toThrow(AmbiguousScript);
    expect(() => findScript("tool", different)).toThrow(/one:main of one 1\.0\n {2}two:main of two 1\.0/);
  });

  test("an unknown script is left to the start where another PEX may have it", () => {
    expect(findScript("nosuch", [], { mayBeElsewhere: true })).toEqual({ kind: "script", name: "nosuch" });
  });

  test("an unknown script names the distributions and what was probably meant", () => {
    const owners = [owner("cowsay", { commands: [command("cowsay", "cowsay", "main")] }), owner("ansicolors", {})];
    expect(() => findScript("nosuch", owners)).toThrow(/`nosuch` in any distribution: ansicolors 1\.0, cowsay 1\.0/);
    try {
      findScript("cowsya", owners);
      expect.unreachable();
    } catch (error) {
      expect((error as UnknownScript).hint).toBe("did you mean `cowsay`?");
    }
    expect(() => findScript("tool", [])).toThrow(/the PEX has no distributions/);
  });
});

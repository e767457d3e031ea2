import { expect, test } from "vitest";

import { findScript, type ScriptOwner } from "../../../src/wheel/script.ts";

function owner(project: string, commands: Record<string, string>, scriptFiles: string[] = []): ScriptOwner {
  const list = Object.entries(commands).map(([name, target]) => {
    const [module = "", attribute] = target.split(":");
    return { name, module, attribute };
  });
  return { project, version: "1.0", contents: { commands: list, scriptFiles } };
}

const FLASK = owner("flask", { flask: "flask.cli:main" });
const BOTO = owner("boto", {}, ["mturk", "flask"]);
const BARE = owner("bare", { bare: "bare.module" });

test("a declared command becomes an entry point", () => {
  expect(findScript("flask", [BOTO, FLASK])).toEqual({
    kind: "entry-point",
    owner: FLASK,
    entryPoint: "flask.cli:main",
  });
  expect(findScript("bare", [BARE])).toMatchObject({ entryPoint: "bare.module" });
});

test("a file of .data/scripts is found when no command has the name", () => {
  expect(findScript("mturk", [FLASK, BOTO])).toEqual({ kind: "file", owner: BOTO, name: "mturk" });
});

test("the same project for two targets is not ambiguous", () => {
  expect(findScript("flask", [FLASK, owner("flask", { flask: "flask.cli:main" })])).toMatchObject({ owner: FLASK });
});

test("two projects with one name are, and both are listed", () => {
  const error = thrown(() =>
    findScript("tool", [owner("two", { tool: "two:main" }), owner("one", { tool: "one:main" })]),
  );
  expect(error).toMatchObject({ code: "AMBIGUOUS_SCRIPT", hint: expect.stringContaining("-e") });
  expect(String(error)).toContain("\n  one:main from one 1.0\n  two:main from two 1.0");
});

test.each([
  ["flsk", [FLASK, BOTO], "looked in boto 1.0, flask 1.0", "did you mean `flask`?"],
  ["zzzzzz", [FLASK, BOTO], "looked in boto 1.0, flask 1.0", "choose one of flask, mturk"],
  ["x", [owner("quiet", {})], "looked in quiet 1.0", "none of them has a script"],
  ["x", [], "there are no distributions", "none of them"],
  ["x", Array.from({ length: 25 }, (_, index) => owner(`p${index + 10}`, {})), "and 5 more", "none of them"],
])("an unknown name %s says where it looked and what to do", (name, owners, message, hint) => {
  const error = thrown(() => findScript(name, owners));
  expect(error).toMatchObject({ code: "SCRIPT_NOT_FOUND", hint: expect.stringContaining(hint) });
  expect(String(error)).toContain(`\`${name}\``);
  expect(String(error)).toContain(message);
});

function thrown(task: () => unknown): unknown {
  try {
    task();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

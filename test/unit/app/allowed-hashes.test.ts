import { expect, test } from "vitest";

import { hashesFor, sha256Limits } from "../../../src/app/allowed-hashes.ts";
import { parseRequirement } from "../../../src/standards/requirement.ts";
import { linuxTarget } from "../../support/resolver-world.ts";

const said = (text: string, ...hashes: readonly string[]) => ({ requirement: parseRequirement(text), hashes });

test.each([
  ["one line allows each of its hashes", [said("foo==1", "sha256:a", "sha256:b")], ["sha256:a", "sha256:b"]],
  [
    "a constraint narrows what a requirement allows",
    [said("foo==1", "sha256:a", "sha256:b"), said("foo==1", "sha256:b", "sha256:c")],
    ["sha256:b"],
  ],
  ["hashes that exclude each other allow nothing", [said("foo==1", "sha256:a"), said("foo==1", "sha256:b")], []],
  ["a line without hashes limits nothing", [said("foo==1"), said("foo", "sha256:a")], ["sha256:a"]],
  [
    "lines for other machines do not count",
    [said("foo==1 ; os_name == 'posix'", "sha256:a"), said("foo==2 ; os_name == 'nt'", "sha256:b")],
    ["sha256:a"],
  ],
  ["other projects do not count", [said("foo==1", "sha256:a"), said("bar==1", "sha256:b")], ["sha256:a"]],
])("%s", (_title, lines, allowed) => {
  expect([...(hashesFor(linuxTarget, lines).get(parseRequirement("foo").project) ?? [])]).toEqual(allowed);
});

test("a project with another algorithm's hash has hashes, too, but none to choose files by", () => {
  const allowed = hashesFor(linuxTarget, [said("foo==1", "sha256:a"), said("bar==1", "sha256:b", "sha512:c")]);
  const limits = sha256Limits(allowed);
  expect([...limits]).toEqual([
    ["foo", new Set(["a"])],
    ["bar", undefined],
  ]);
});

import { expect, test } from "vitest";

import { checkFilePolicy, kindsFor, type FilePolicy } from "../../../src/resolver/file-policy.ts";
import { parseProjectName } from "../../../src/standards/project-name.ts";

const foo = parseProjectName("foo");
const any: FilePolicy = {
  wheels: true,
  builds: true,
  onlyWheels: new Set(),
  onlyBuilds: new Set(),
  preferWheels: false,
};

test.each<[string, Partial<FilePolicy>, boolean, boolean]>([
  ["nothing", {}, true, true],
  ["--no-wheel", { wheels: false }, false, true],
  ["--no-build", { builds: false }, true, false],
  ["--only-wheel foo", { onlyWheels: new Set([foo]) }, true, false],
  ["--no-build --only-build foo", { builds: false, onlyBuilds: new Set([foo]) }, false, true],
  ["--no-wheel --only-wheel foo", { wheels: false, onlyWheels: new Set([foo]) }, true, false],
])("with %s", (_what, wishes, wheel, sdist) => {
  expect(kindsFor(checkFilePolicy({ ...any, ...wishes }), foo)).toEqual({ wheel, sdist });
});

test.each<[Partial<FilePolicy>, string]>([
  [{ wheels: false, builds: false }, "neither wheels nor builds are allowed"],
  [{ onlyWheels: new Set([foo]), onlyBuilds: new Set([foo]) }, "cannot both be asked for: foo"],
])("wishes that contradict each other are refused", (wishes, message) => {
  expect(() => checkFilePolicy({ ...any, ...wishes })).toThrow(message);
});

import { expect, test } from "vitest";

import { UsageError } from "../../../src/base/errors.ts";
import { isInScope, parsePlaceScope } from "../../../src/index/place-scope.ts";
import { normalizeName } from "../../../src/standards/project-name.ts";

const LINUX = { sys_platform: "linux", python_version: "3.12" };

test.each<readonly [string, readonly string[], readonly string[]]>([
  ["torch", ["torch"], ["torchvision", "pytorch"]],
  ["Typing_Extensions", ["typing-extensions"], ["typing"]],
  ["corp-.*", ["corp-tool", "corp-"], ["corp", "my-corp-tool"]],
  ["torch$|triton", ["torch", "triton", "triton-nightly"], ["torchvision"]],
  ["sys_platform == 'linux'", ["anything"], []],
  ["sys_platform == 'darwin'", [], ["anything"]],
  ["torch; sys_platform != 'darwin'", ["torch"], ["other"]],
  ["torch; sys_platform == 'darwin'", [], ["torch", "other"]],
  ["tor.* ; python_version > '3.9'", ["torch"], ["other"]],
])("%j holds %j, not %j", (text, inside, outside) => {
  const scope = parsePlaceScope(text);
  for (const name of inside) expect([name, isInScope(scope, normalizeName(name), LINUX)]).toEqual([name, true]);
  for (const name of outside) expect([name, isInScope(scope, normalizeName(name), LINUX)]).toEqual([name, false]);
});

test.each(["[", "", " ", "; sys_platform == 'linux'", "torch; nonsense", "torch;"])("%j is refused", (text) => {
  expect(() => parsePlaceScope(text)).toThrow(UsageError);
});

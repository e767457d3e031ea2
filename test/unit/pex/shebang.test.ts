import { expect, test } from "vitest";

import { chooseShebang } from "../../../src/pex/shebang.ts";
import { expandPlatform } from "../../../src/pex/platform-tag.ts";
import { parseVersion } from "../../../src/standards/version.ts";
import { rankTags, type Target } from "../../../src/targets/target.ts";

function target(version: string, tags: readonly string[] = [], implementation = "CPython"): Target {
  return {
    kind: "platform",
    description: `${implementation} ${version}`,
    markers: { platform_python_implementation: implementation },
    tags,
    tagRanks: rankTags(tags),
    pythonVersion: parseVersion(version),
    interpreter: undefined,
  };
}

test.each([
  [["3.11.7"], "CPython", "#!/usr/bin/env python3.11"],
  [["3.11.7", "3.11.2"], "CPython", "#!/usr/bin/env python3.11"],
  [["3.10.13"], "PyPy", "#!/usr/bin/env pypy3.10"],
  [["3"], "CPython", "#!/usr/bin/env python3"],
  [[], "CPython", "#!/usr/bin/env python3"],
])("targets %j of %s agree on %s", (versions, implementation, line) => {
  const targets = versions.map((version) => target(version, [], implementation));
  expect(chooseShebang(targets)).toEqual({ line, warning: undefined, hint: undefined });
});

test("targets that do not agree get the first one's, with a warning that lists them", () => {
  const choice = chooseShebang([target("3.12.1"), target("3.9.18")]);
  expect(choice.line).toBe("#!/usr/bin/env python3.12");
  expect(choice.warning).toBe(
    "Could not calculate a targeted shebang for:\n  CPython 3.12.1\n  CPython 3.9.18\nUsing shebang: #!/usr/bin/env python3.12",
  );
  expect(choice.hint).toContain("--python-shebang");
});

test.each(["/usr/bin/python", "#!/usr/bin/python", "/usr/bin/env -S python3 -sE"])(
  "the text %j is taken as it is",
  (text) => {
    expect(chooseShebang([target("3.12.1"), target("3.9")], text)).toEqual({
      line: `#!${text.replace(/^#!/, "")}`,
      warning: undefined,
      hint: undefined,
    });
  },
);

test.each(["", "#!", " ", "a\nb", "a\r", "a\0"])("the text %j is a usage error", (text) => {
  expect(() => chooseShebang([], text)).toThrow(expect.objectContaining({ code: "USAGE" }));
});

const LINUX = [
  "cp311-cp311-manylinux_2_17_x86_64",
  "cp311-cp311-manylinux2014_x86_64",
  "cp311-abi3-manylinux2014_x86_64",
];
const CP311 = target("3.11", [...LINUX, "py3-none-manylinux2014_x86_64", "py3-none-any", "py2-none-any"]);
const CP39 = target("3.9", ["cp39-cp39-macosx_11_0_arm64", "py3-none-any"]);

test.each<[string, Target[], string[]]>([
  [
    "cp311-cp311-manylinux2014_x86_64",
    [CP311],
    ["a-1-py3-none-any.whl", "b-1-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl"],
  ],
  ["py3-none-any", [CP311], ["a-1-py3-none-any.whl"]],
  ["py2.py3-none-any", [CP311], ["a-1-py2.py3-none-any.whl"]],
  ["py3-none-any", [CP311], ["a-1-py2.py3-none-any.whl", "b-1-py3-none-any.whl"]],
  ["py3-none-any", [CP311], []],
  [
    "cp311.cp39-cp311.cp39-macosx_11_0_arm64.manylinux2014_x86_64",
    [CP311, CP39],
    ["b-1-cp311-cp311-manylinux2014_x86_64.whl", "b-1-cp39-cp39-macosx_11_0_arm64.whl"],
  ],
])("{platform} becomes %s", (expected, targets, wheels) => {
  expect(expandPlatform("c-{platform}.pex", targets, wheels)).toBe(`c-${expected}.pex`);
});

test("a name without a placeholder stays", () => {
  expect(expandPlatform("c.pex", [], [])).toBe("c.pex");
});

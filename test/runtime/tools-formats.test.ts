/** What the tools and the builder both print is the same text, though it is written by two programs. */
import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

import { formatRequirement, parseRequirement } from "../../src/standards/requirement.ts";
import { formatSpecifierSet, parseSpecifierSet } from "../../src/standards/specifier.ts";
import { newest, oldest, RUNTIME } from "./kit.ts";

const REQUIREMENTS = [
  "plain",
  "Mixed.Case_name",
  " spaced  >= 1 , < 2 ",
  "parentheses (>=1.0,<2)",
  "many!=1.5,~=1.0,>=1,<3,==1.*",
  "arbitrary===1.0-weird",
  "twice>=1,>=1",
  "extras[b,A_c]",
  "extras [ socks , use_chardet ] (>=2)",
  "marked ; python_version<'3'",
  "marked>=1; python_version >= '2.7' and (sys_platform!='win32' or os_name == 'posix')",
  "either; (python_version < '3' and os_name == 'nt') or sys_platform == 'darwin'",
  "nested; os_name=='a' and (os_name=='b' or (os_name=='c' or os_name=='d'))",
  "listed; platform_machine in 'x86_64 aarch64' and platform_system not in 'Windows'",
  'turned; "3.9" <= python_full_version',
  "optional; extra == 'More_Things'",
  "older; python_implementation=='PyPy' and sys.platform=='linux2' and os.name=='posix' and platform.machine=='x'",
  "there @ https://files.example/there-1.0.tar.gz",
  "there[all]@https://files.example/there-1.0.tar.gz#sha256=00 ; python_version>'3'",
];
const SPECIFIERS = [">=3.8", "!=3.0.*, <4,>=2.7", " ~=3.6 ", "", "===3.9"];

const PRINT = `
import json, sys
sys.path.insert(0, ${JSON.stringify(RUNTIME)})
from pexjs_runtime.tools import formats
from pexjs_runtime.compat import native
requirements, specifiers = json.load(sys.stdin)
print(json.dumps([
    [formats.requirement(native(text)) for text in requirements], [formats.specifiers(native(text)) for text in specifiers]]))
`;

test.each([oldest, newest])("requirements and specifiers, under Python $name", (python) => {
  const input = JSON.stringify([REQUIREMENTS, SPECIFIERS]);
  const child = spawnSync(python.path, ["-c", PRINT], { input, encoding: "utf8" });
  expect(child.stderr).toBe("");
  const [requirements, specifiers] = JSON.parse(child.stdout) as [string[], string[]];
  expect(requirements).toEqual(REQUIREMENTS.map((text) => formatRequirement(parseRequirement(text))));
  expect(specifiers).toEqual(SPECIFIERS.map((text) => formatSpecifierSet(parseSpecifierSet(text))));
});

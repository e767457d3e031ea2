import { expect, test } from "vitest";

import { causeIn } from "../../../src/sources/build-cause.ts";

test.each<readonly [string, readonly string[], readonly string[]]>([
  [
    "a header that is missing",
    [
      "building '_x' extension",
      "gcc -Wall -c src/x.c -o build/x.o",
      "src/x.c:1:10: fatal error: libpq-fe.h: No such file or directory",
      "    1 | #include <libpq-fe.h>",
      "compilation terminated.",
      "error: command '/usr/bin/gcc' failed with exit code 1",
    ],
    ["src/x.c:1:10: fatal error: libpq-fe.h: No such file or directory"],
  ],
  [
    "a missing compiler",
    ["running build_ext", "error: command 'gcc' failed: No such file or directory"],
    ["running build_ext", "error: command 'gcc' failed: No such file or directory"],
  ],
  [
    "an exception of setup.py",
    [
      "Traceback (most recent call last):",
      '  File "build_hook.py", line 60, in <module>',
      '  File "<string>", line 3, in <module>',
      "ModuleNotFoundError: No module named 'numpy'",
    ],
    ["ModuleNotFoundError: No module named 'numpy'"],
  ],
  [
    "the end of a chain of exceptions",
    [
      "KeyError: 'x'",
      "",
      "During handling of the above exception, another exception occurred:",
      "",
      "hatchling.exceptions.Bad: no",
    ],
    ["hatchling.exceptions.Bad: no"],
  ],
  [
    "what a program said that an exception is about",
    [
      "error: can't find Rust compiler",
      "",
      "Traceback (most recent call last):",
      "subprocess.CalledProcessError: Command '[...]' returned 1",
    ],
    ["error: can't find Rust compiler"],
  ],
  [
    "cargo",
    [
      "   Compiling x v0.1.0",
      "error[E0432]: unresolved import `y`",
      " --> src/lib.rs:1:5",
      "  |",
      "1 | use y;",
      "error: could not compile `x`",
    ],
    ["error[E0432]: unresolved import `y`", " --> src/lib.rs:1:5", "  |"],
  ],
  [
    "CMake",
    [
      "-- The C compiler identification is GNU 12.2.0",
      "CMake Error at CMakeLists.txt:3 (find_package):",
      '  By not providing "FindFoo.cmake" this project has asked CMake to find a',
      '  package configuration file provided by "Foo", but CMake did not find one.',
      "",
      "-- Configuring incomplete, errors occurred!",
    ],
    [
      "CMake Error at CMakeLists.txt:3 (find_package):",
      '  By not providing "FindFoo.cmake" this project has asked CMake to find a',
      '  package configuration file provided by "Foo", but CMake did not find one.',
    ],
  ],
  [
    "Meson",
    [
      "Found pkg-config: NO",
      '../meson.build:4:0: ERROR: Dependency "openblas" not found',
      "",
      "A full log can be found at /tmp/x",
    ],
    ['../meson.build:4:0: ERROR: Dependency "openblas" not found'],
  ],
  [
    "the step that Ninja says has failed",
    [
      "[4/9] Generating a",
      "FAILED: pandas/__init__.py",
      "/bin/tool copy a b",
      "unknown option",
      "[6/9] Generating b",
      "[7/9] c",
      "ninja: build stopped: subcommand failed.",
    ],
    ["FAILED: pandas/__init__.py", "/bin/tool copy a b", "unknown option", "[6/9] Generating b", "[7/9] c"],
  ],
  ["the end, where nothing tells", ["one", "", "two"], ["one", "two"]],
])("the cause is %s", (_, output, expected) => {
  expect(causeIn(output.join("\n"))).toEqual(expected);
});

test("a long output is read in linear time", () => {
  const start = performance.now();
  causeIn(`${"a.".repeat(200_000)}\n`.repeat(5));
  expect(performance.now() - start).toBeLessThan(1000);
});

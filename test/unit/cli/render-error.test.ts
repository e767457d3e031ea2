import { describe, expect, test } from "vitest";

import { PexError } from "../../../src/base/errors.ts";
import { FileError, readText } from "../../../src/base/fs.ts";
import { errorJson, renderError } from "../../../src/cli/render-error.ts";
import { styleFor, wantsColour } from "../../../src/cli/style.ts";

class Broken extends PexError {
  readonly code = "BROKEN";
}

const PLAIN = styleFor({ write: () => {} }, {});

function render(error: unknown, verbosity = 0): string {
  return renderError(error, { style: PLAIN, verbosity });
}

function thrownBy(task: () => unknown): unknown {
  try {
    task();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

describe("an error of ours", () => {
  test("is a headline with its code, the causes and the hint", () => {
    const root = new Broken("The wheel is cut off: x.whl", { hint: "remove it" });
    const middle = new Broken("Cannot read the metadata of x 1.0", { cause: root });
    const top = new Broken("Cannot resolve x\n\n    because of this\n    and that", { cause: middle });
    expect(render(top)).toBe(`error: Cannot resolve x [BROKEN]

    because of this
    and that
  caused by: Cannot read the metadata of x 1.0
  caused by: The wheel is cut off: x.whl
hint: Remove it.
`);
  });

  test("does not repeat what the operating system said", () => {
    const error = thrownBy(() => readText("/nowhere/file"));
    expect(error).toBeInstanceOf(FileError);
    expect(render(error)).toBe("error: Cannot read /nowhere/file: no such file or directory [FILE]\n");
  });

  test("names each error of several", () => {
    const both = new AggregateError([new Broken("first"), new Broken("second")], "two of them");
    expect(render(new Broken("All failed", { cause: both }))).toContain(
      "  caused by: two of them\n  caused by: first\n  caused by: second\n",
    );
  });

  test("that causes itself comes to an end", () => {
    const error = new Broken("round");
    Object.assign(error, { cause: error });
    expect(render(error)).toBe("error: round [BROKEN]\n");
  });

  test("cannot steer the terminal", () => {
    expect(render(new Broken("evil \u001b[2J\u0007 name", { hint: "\u001b]0;x" }))).toBe(
      "error: evil \\x1b[2J\\x07 name [BROKEN]\nhint: \\x1b]0;x.\n",
    );
  });

  test("is one JSON document for machines", () => {
    const error = new Broken("Top", { cause: new Broken("Below", { hint: "Do this" }) });
    expect(JSON.parse(errorJson(error))).toEqual({
      error: { code: "BROKEN", message: "Top", hint: "Do this.", causes: ["Below"] },
    });
  });
});

describe("anything else", () => {
  test("is a bug of ours, told in one line and how to report it", () => {
    const text = render(new TypeError("x is not a function"));
    expect(text).toMatch(
      /^error: Unexpected failure: TypeError: x is not a function \[BUG\]\nhint: This is a bug in pexjs\. .*\n$/,
    );
  });

  test("shows its stack at PEX_VERBOSE=3", () => {
    expect(render(new TypeError("oh"), 3)).toContain("render-error.test.ts");
    expect(render("just text", 3)).toContain("error: Unexpected failure: just text [BUG]");
  });
});

describe("colour", () => {
  const tty = { isTTY: true, write: () => {} };
  const pipe = { write: () => {} };
  test.each([
    [tty, {}, true],
    [pipe, {}, false],
    [tty, { NO_COLOR: "1" }, false],
    [tty, { NO_COLOR: "" }, true],
    [tty, { TERM: "dumb" }, false],
    [pipe, { FORCE_COLOR: "1" }, true],
    [tty, { FORCE_COLOR: "0" }, false],
    [pipe, { FORCE_COLOR: "1", NO_COLOR: "1" }, true],
  ])("is decided by terminal and variables (case %#)", (stream, env, wanted) => {
    expect(wantsColour(stream, env)).toBe(wanted);
    const text = renderError(new Broken("x"), { style: styleFor(stream, env), verbosity: 0 });
    expect(text.includes("\u001b[")).toBe(wanted);
  });
});

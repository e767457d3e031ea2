import { expect, test } from "vitest";

import { askPython } from "../support/python-oracle.ts";
import { SeededRandom } from "../support/seeded-random.ts";
import { type Answer, DECLARATIONS, ours, randomArguments } from "./argparse-cases.ts";

const ORACLE = `
import argparse, shlex

class Refused(Exception):
    pass

class Stopped(Exception):
    pass

class Parser(argparse.ArgumentParser):
    def error(self, message):
        raise Refused(message)

def assignment(text):
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError("no =")
    return [name, value]

seen = []

def action_for(index, option):
    class Record(argparse.Action):
        def __call__(self, parser, namespace, values, flag=None):
            kind = option["kind"]
            if kind == "action":
                raise Stopped
            if kind == "switch":
                values = True
            elif kind == "count":
                values = 1
            elif kind == "toggle":
                values = flag in option["on"]
            elif kind == "optional" and flag.startswith("--no-"):
                values = False
            elif isinstance(values, tuple):
                [values] = values
            seen.append([index, values])
    return Record

def partition(args):
    """Some Pythons lose a -- in parse_intermixed_args, and take words behind it for options."""
    at = args.index("--") if "--" in args else len(args)
    return args[:at], args[at:at + 1], args[at + 1:]

parser = None

def declare(options):
    global parser
    parser = Parser(add_help=False)
    groups = {}
    for index, option in enumerate(options):
        home = parser
        if option["exclusive"]:
            home = groups.setdefault(option["exclusive"], None) or parser.add_mutually_exclusive_group()
            groups[option["exclusive"]] = home
        extra = {}
        if option["kind"] in ("switch", "toggle", "count", "action"):
            extra["nargs"] = 0
        if option["kind"] == "optional":
            extra.update(nargs="?", const=(option["bare"],))
        if option["choices"]:
            extra["choices"] = option["choices"]
        types = {"integer": int, "words": shlex.split, "assignment": assignment}
        if option["kind"] in types:
            extra["type"] = types[option["kind"]]
        home.add_argument(*option["flags"], dest="d%d" % index, action=action_for(index, option), **extra)
    parser.add_argument("words", nargs="*")

def answer(question):
    if "declarations" in question:
        declare(question["declarations"])
        return None
    del seen[:]
    head, _, tail = partition(question["args"])
    try:
        words = parser.parse_intermixed_args(head).words + tail
    except Stopped:
        return "action"
    except Refused as refused:
        return "ambiguous" if "ambiguous option" in str(refused) else None
    return {"occurrences": list(seen), "words": words}
`;

test("20,000 command lines mean the same to Python's argparse", () => {
  const random = new SeededRandom(1);
  const lines = random.times(20_000, () => randomArguments(random));
  const answers = askPython<Answer>(ORACLE, [{ declarations: DECLARATIONS }, ...lines.map((args) => ({ args }))]).slice(
    1,
  );
  const differences = lines.flatMap((args, index) => {
    const expected = answers[index] ?? null;
    const got = ours(args);
    return agree(got, expected) ? [] : [JSON.stringify({ args, expected, got })];
  });
  expect(differences.slice(0, 5)).toEqual([]);
  const accepted = answers.filter((each) => each !== null && typeof each === "object").length;
  expect(accepted).toBeGreaterThan(3_000);
});

/** Old Pythons look for ambiguous options before they do anything else, new ones when it is their turn. */
function agree(got: Answer, expected: Answer): boolean {
  if (expected === "ambiguous") return got === null || typeof got === "string";
  if (got === "ambiguous") return expected === null;
  return JSON.stringify(got) === JSON.stringify(expected);
}

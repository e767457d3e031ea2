import { describe, expect, test } from "vitest";

import { InvalidNetrc, netrcEntry, parseNetrc } from "../../src/net/netrc.ts";
import { askPython } from "../support/python-oracle.ts";
import { SeededRandom } from "../support/seeded-random.ts";

const PYTHON = `
import netrc, os, tempfile
def answer(text):
    if text is None:
        return sys.version_info >= (3, 11)
    descriptor, path = tempfile.mkstemp()
    try:
        with os.fdopen(descriptor, "w", newline="") as file:
            file.write(text)
        hosts = netrc.netrc(path).hosts
    except netrc.NetrcParseError:
        return "error"
    finally:
        os.unlink(path)
    return {host: list(entry) for host, entry in hosts.items()}
`;

const PIECES = [
  "machine",
  "machine",
  "machine",
  "default",
  "login",
  "login",
  "user",
  "password",
  "password",
  "account",
  "macdef",
  "init",
  "index.example",
  "other.example",
  "ali",
  "sesame",
  "#comment",
  "#",
  "a#b",
  '"quoted word"',
  '"',
  '""',
  "\\",
  "\\\\",
  "é",
  "machine index.example login ali password sesame",
  "macdef init\nls\n\n",
  "# login x",
];
const SPACES = [" ", " ", " ", "\n", "\n", "\t", "\r\n", "\n\n", "  ", ""];

/** A file of random words, more or less like a netrc. */
function netrcText(random: SeededRandom): string {
  return random.times(random.below(14), () => random.pick(PIECES) + random.pick(SPACES)).join("");
}

function ours(text: string): unknown {
  try {
    const machines = [...parseNetrc(text)];
    return Object.fromEntries(
      machines.map(([host, { login, account, password }]) => [host, [login, account, password]]),
    );
  } catch (error) {
    if (error instanceof InvalidNetrc) return "error";
    throw error;
  }
}

test("netrc files mean what they mean to Python 3.11 and later", (context) => {
  const random = new SeededRandom(1978);
  const texts = random.times(4000, () => netrcText(random));
  const [isNewEnough, ...answers] = askPython<unknown>(PYTHON, [null, ...texts]);
  if (isNewEnough !== true) context.skip();
  for (const [number, text] of texts.entries())
    expect({ text, entries: ours(text) }).toEqual({ text, entries: answers[number] });
  expect(answers.filter((answer) => answer !== "error").length).toBeGreaterThan(500);
});

describe("the entry for a host", () => {
  test.each([
    ["index.example", "ali"],
    ["elsewhere.example", "anybody"],
  ])("%s", (host, login) => {
    const netrc = parseNetrc("machine index.example login ali password x\ndefault login anybody password y\n");
    expect(netrcEntry(netrc, host)?.login).toBe(login);
  });

  test("without a default there may be none", () => {
    expect(netrcEntry(parseNetrc("machine index.example login ali"), "elsewhere.example")).toBeUndefined();
  });
});

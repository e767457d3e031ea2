import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";

import { describe, expect, test } from "vitest";

import { InvalidConfig, parseConfig } from "../../src/standards/configparser.ts";
import { parseCoreMetadata } from "../../src/standards/core-metadata.ts";
import { parseEggRequires } from "../../src/standards/egg-requires.ts";
import { parseEntryPoints } from "../../src/standards/entry-points.ts";
import { parseHeaderFields } from "../../src/standards/header-fields.ts";
import { formatRecord, InvalidRecord, parseRecord } from "../../src/standards/record.ts";
import { installedPythons } from "../support/interpreters.ts";
import { askPython, oraclePython } from "../support/python-oracle.ts";
import { SeededRandom } from "../support/seeded-random.ts";

/** Texts made of pieces in any order, so that rare neighbours meet. */
function soup(random: SeededRandom, pieces: readonly string[], most: number): string {
  return random.times(random.below(most), () => random.pick(pieces)).join("");
}

function differencesOf(
  texts: readonly string[],
  expected: readonly unknown[],
  ours: (text: string) => unknown,
): unknown[] {
  return texts.flatMap((text, index) => {
    const mine = ours(text);
    return JSON.stringify(mine) === JSON.stringify(expected[index]) ? [] : [{ text, mine, python: expected[index] }];
  });
}

describe("header fields agree with Python's email package", () => {
  const PIECES = [
    "\n",
    "\n",
    "\r\n",
    "\r",
    " ",
    "\t",
    "Name",
    "Requires-Dist",
    "name",
    ":",
    ": ",
    ":",
    "flask",
    ">=1 ; x",
    "é",
    "a b",
    "\n ",
    "\n\t",
    "\n\n",
    "|",
    "\u2028",
  ];
  const ORACLE = `
import email
def answer(text):
    message = email.message_from_string(text)
    fields = {}
    for name, value in message.items():
        fields.setdefault(name.lower(), []).append(value.replace("\\r\\n", "\\n").replace("\\r", "\\n").strip())
    body = message.get_payload()
    return [list(fields.items()), body.replace("\\r\\n", "\\n").replace("\\r", "\\n")]
`;

  test("on generated texts", () => {
    const random = new SeededRandom(822);
    const texts = random.times(20_000, () => soup(random, PIECES, 25));
    const expected = askPython<unknown>(ORACLE, texts);
    const differences = differencesOf(texts, expected, (text) => {
      const { fields, body } = parseHeaderFields(text);
      return [[...fields], body];
    });
    expect(differences.slice(0, 5)).toEqual([]);
  });
});

/** Files of that name in every `.dist-info` of the oracle's environment and of the Pythons on this machine. */
function installedFiles(name: string): string[] {
  const roots = [oraclePython(), ...installedPythons().map((python) => realpathSync(python))];
  const sites = roots.flatMap((python) => {
    const library = join(dirname(dirname(python)), "lib");
    return readdirSync(library)
      .filter((entry) => /^python\d\.\d+$/.test(entry))
      .map((entry) => join(library, entry, "site-packages"));
  });
  const infos = [...new Set(sites)]
    .filter((site) => existsSync(site))
    .flatMap((site) => {
      return readdirSync(site)
        .filter((entry) => entry.endsWith(".dist-info"))
        .map((entry) => join(site, entry, name));
    });
  return infos.filter((path) => existsSync(path)).sort();
}

test("installed METADATA is read as Python's email package reads it", () => {
  const ORACLE = `
import email
def answer(path):
    with open(path, encoding="utf-8", newline="") as stream:
        message = email.message_from_string(stream.read())
    one = lambda name: (message.get(name) or "").strip()
    return [one("Name"), one("Version"), one("Requires-Python") or None, [value.strip() for value in message.get_all("Requires-Dist", [])],
        [value.strip() for value in message.get_all("Provides-Extra", [])]]
`;
  const paths = installedFiles("METADATA");
  expect(paths.length).toBeGreaterThan(0);
  const expected = askPython<unknown>(ORACLE, paths);
  const differences = differencesOf(paths, expected, (path) => {
    const metadata = parseCoreMetadata(readFileSync(path, "utf8"));
    return [
      metadata.name,
      metadata.version,
      metadata.requiresPython ?? null,
      metadata.requiresDist,
      metadata.providesExtra,
    ];
  });
  expect(differences).toEqual([]);
});

test("installed RECORD files are read as Python's csv reads them and can be written again", () => {
  const ORACLE = `
import csv
def answer(path):
    with open(path, encoding="utf-8", newline="") as stream:
        return [[path, hash or None, int(size) if size else None] for path, hash, size in csv.reader(stream)]
`;
  const paths = installedFiles("RECORD");
  const expected = askPython<unknown>(ORACLE, paths);
  const differences = differencesOf(paths, expected, (path) => {
    const entries = parseRecord(readFileSync(path, "utf8"));
    expect(parseRecord(formatRecord(entries))).toEqual(entries);
    return entries.map(({ path, hash, size }) => [path, hash ?? null, size ?? null]);
  });
  expect(differences).toEqual([]);
});

test("requires.txt is read as importlib.metadata reads it", () => {
  const ORACLE = `
import importlib.metadata as metadata
class Egg(metadata.Distribution):
    def __init__(self, text):
        self.text = text
    def read_text(self, name):
        return self.text if name == "requires.txt" else "Name: x\\n\\n" if name == "PKG-INFO" else None
    def locate_file(self, path):
        return None
def answer(text):
    return [line.strip() for line in Egg(text).requires]
`;
  const pieces = ["\n", "\n", "\r\n", " ", "six>=1", "a[b]", "x @ https://index.example/x.zip", "# no"];
  const sections = [
    "[dev]\n",
    "[:os_name=='nt']\n",
    '[dev:python_version < "3" or os_name == "nt"]\n',
    "[]\n",
    "[a",
    "]",
  ];
  const random = new SeededRandom(2004);
  const texts = random.times(5_000, () => soup(random, [...pieces, ...sections], 15));
  expect(differencesOf(texts, askPython<unknown>(ORACLE, texts), parseEggRequires).slice(0, 5)).toEqual([]);
});

describe("configuration files agree with Python's configparser", () => {
  const PIECES = [
    "\n",
    "\n",
    "\n",
    "[a]",
    "[b]\n",
    "[DEFAULT]\n",
    "[a b]c",
    "x",
    "y",
    "Z",
    "=",
    " = ",
    ":",
    " : ",
    "1",
    "#",
    ";",
    "  ",
    "\t",
    "\n  two",
    "\n\n",
    "[",
    "]",
    "\r\n",
    "é",
    "x=1\n",
    "y: 2\n",
  ];
  const ORACLE = `
import configparser, io
def answer(question):
    keep_case, text = question
    parser = configparser.RawConfigParser()
    if keep_case:
        parser.optionxform = str
    try:
        parser.read_file(io.StringIO(text, newline=None))
    except configparser.Error:
        return None
    return [[name, sorted(map(list, parser.items(name)))] for name in parser.sections()]
`;

  test("on generated texts", () => {
    const random = new SeededRandom(1998);
    const questions = random.times(
      20_000,
      () => [random.chance(0.3), `${random.chance(0.8) ? "[a]\n" : ""}${soup(random, PIECES, 20)}`] as const,
    );
    const expected = askPython<unknown>(ORACLE, questions);
    const texts = questions.map((question) => JSON.stringify(question));
    const differences = differencesOf(texts, expected, (question) => {
      const [keepCase, text] = JSON.parse(question) as [boolean, string];
      try {
        return [...parseConfig(text, { keepCase })].map(([name, options]) => [
          name,
          [...options].sort(([left], [right]) => (left < right ? -1 : 1)),
        ]);
      } catch (error) {
        if (error instanceof InvalidConfig) return null;
        throw error;
      }
    });
    expect(differences.slice(0, 5)).toEqual([]);
    expect(expected.filter((answer) => answer !== null).length).toBeGreaterThan(2_000);
  });
});

describe("RECORD agrees with Python's csv", () => {
  const PIECES = ["a", "/", ".py", ",", ",", '"', '""', "\n", "\r\n", "\r", " ", "é", "sha256=x", "12", "\n"];

  test("on reading generated texts", () => {
    const random = new SeededRandom(376);
    const texts = random.times(20_000, () => soup(random, PIECES, 16));
    const ORACLE = `
import csv, io
def answer(text):
    rows = [row for row in csv.reader(io.StringIO(text, newline="")) if row and row != [""]]
    if any(len(row) > 3 or not row[0] or (row[2:] and row[2] and not row[2].isdecimal()) for row in rows):
        return None
    return [[row[0], (row + [""] * 2)[1] or None, int((row + [""] * 2)[2]) if (row + [""] * 2)[2] else None] for row in rows]
`;
    const expected = askPython<unknown>(ORACLE, texts);
    const differences = differencesOf(texts, expected, (text) => {
      try {
        return parseRecord(text).map(({ path, hash, size }) => [path, hash ?? null, size ?? null]);
      } catch (error) {
        if (error instanceof InvalidRecord) return null;
        throw error;
      }
    });
    expect(differences.slice(0, 5)).toEqual([]);
  });

  test("on writing any path", () => {
    const random = new SeededRandom(627);
    // Whether a lone carriage return is quoted depends on the version of Python; here it is.
    const pieces = PIECES.filter((piece) => !piece.includes("\r"));
    const paths = random.times(5_000, () => `p${soup(random, pieces, 8)}`);
    const ORACLE = `
import csv, io
def answer(path):
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\\n").writerow([path, "sha256=x", 3])
    return stream.getvalue()
`;
    const expected = askPython<string>(ORACLE, paths);
    expect(differencesOf(paths, expected, (path) => formatRecord([{ path, hash: "sha256=x", size: 3 }]))).toEqual([]);
  });
});

test("entry points agree with importlib.metadata", () => {
  const PIECES = [
    "\n",
    "\n",
    "[console_scripts]\n",
    "[a.b]\n",
    "x",
    "run-it",
    " = ",
    "=",
    "pkg",
    ".mod",
    ":",
    " : ",
    "main",
    ".sub",
    " [extra]",
    "[one, two]",
    "#",
    "  ",
    "é",
    "[]\n",
  ];
  const ORACLE = `
from importlib.metadata import Distribution, EntryPoint
class Text(Distribution):
    def __init__(self, text): self.text = text
    def read_text(self, name): return self.text
    def locate_file(self, path): return path

def answer(text):
    return [[entry.group, entry.name, entry.module, entry.attr] for entry in Text(text).entry_points if EntryPoint.pattern.match(entry.value)]
`;
  const random = new SeededRandom(2012);
  // Lines without \`=\` make importlib.metadata fail; here they are passed over.
  const texts = random
    .times(20_000, () => `[g]\n${soup(random, PIECES, 20)}`)
    .filter((text) => text.split("\n").every((line) => /^\s*(?:#.*)?$|^\s*\[.*\]\s*$|=/.test(line)));
  const expected = askPython<unknown>(ORACLE, texts);
  const differences = differencesOf(texts, expected, (text) => {
    return parseEntryPoints(text).map(({ group, name, module, attribute }) => [group, name, module, attribute ?? null]);
  });
  expect(differences.slice(0, 5)).toEqual([]);
  expect(expected.filter((answer) => JSON.stringify(answer) !== "[]").length).toBeGreaterThan(500);
});

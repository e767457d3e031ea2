/** Generated versions, specifiers, markers and requirements: mostly valid, often odd, sometimes broken. */

import type { SeededRandom } from "./seeded-random.ts";

const SPACES = ["", "", "", "", " ", "\t", "  ", "\n", "\u00a0", "\u001c", "\u2003", "\ufeff"];
const PLAIN_SPACES = ["", "", "", " ", "\t", "  "];
const SEPARATORS = ["", "", ".", "-", "_"];
const NUMBERS = ["0", "1", "2", "3", "10", "00", "01", "2024", "20240131", "33554432", "4096", "8192", "999999999999"];
const SMALL_NUMBERS = ["0", "1", "2"];
const HOSTILE = [
  "١",
  "１",
  "ſ",
  "é",
  "K",
  "\u0000",
  "*",
  "!",
  "+",
  ".",
  "-",
  "_",
  "v",
  "a",
  "1",
  " ",
  "=",
  ",",
  ")",
  "'",
];

/** A version in some spelling; `small` keeps to few numbers, so that equal and neighbouring ones are common. */
export function versionText(random: SeededRandom, small = false): string {
  const number = (): string => random.pick(small ? SMALL_NUMBERS : NUMBERS);
  const word = (text: string): string => (random.chance(0.1) ? text.toUpperCase() : text);
  const separator = (): string => random.pick(SEPARATORS);
  const counted = (text: string): string =>
    `${separator()}${word(text)}${random.chance(0.85) ? separator() + number() : separator()}`;
  let text = random.times(1 + random.below(small ? 3 : 5), number).join(".");
  if (random.chance(0.08)) text = `${number()}!${text}`;
  if (random.chance(0.06)) text = `${word("v")}${text}`;
  if (random.chance(0.3)) text += counted(random.pick(["a", "alpha", "b", "beta", "c", "rc", "pre", "preview"]));
  if (random.chance(0.2)) text += random.chance(0.2) ? `-${number()}` : counted(random.pick(["post", "rev", "r"]));
  if (random.chance(0.2)) text += counted("dev");
  if (random.chance(0.15)) text += `+${localLabel(random, small)}`;
  return text;
}

function localLabel(random: SeededRandom, small: boolean): string {
  const segments = small
    ? ["0", "1", "a", "0a"]
    : ["0", "1", "12", "a", "abc", "0a", "007", "UBUNTU", "g1234ab", "cu118"];
  let label = random.pick(segments);
  while (random.chance(0.3)) label += random.pick([".", "-", "_"]) + random.pick(segments);
  return label;
}

/** One clause; `small` as for versions. */
export function clauseText(random: SeededRandom, small = false): string {
  const operator = random.pick(["==", "==", "!=", ">=", "<=", ">", "<", "~=", "==="]);
  let version = versionText(random, small);
  if (operator !== "==" && operator !== "!=" && random.chance(0.9)) version = version.replace(/\+.*/, "");
  if ((operator === "==" || operator === "!=") && random.chance(0.3))
    version = `${version.replace(/[^\d.!v].*/i, "")}.*`;
  if (operator === "===" && random.chance(0.3))
    version = random.pick(["foo", "", "1.*", "1.0+LOCAL", "v1.0", "1.0.0-final"]);
  return operator + random.pick(PLAIN_SPACES) + version;
}

/** Clauses joined by commas. */
export function specifierText(random: SeededRandom, small = false): string {
  const clauses = random.times(random.pick([0, 1, 1, 1, 2, 2, 3, 4]), () => {
    return random.pick(PLAIN_SPACES) + clauseText(random, small) + random.pick(PLAIN_SPACES);
  });
  if (random.chance(0.05)) clauses.push("");
  return clauses.join(",");
}

const VARIABLES = [
  "implementation_name",
  "implementation_version",
  "os_name",
  "platform_machine",
  "platform_python_implementation",
  "platform_release",
  "platform_system",
  "platform_version",
  "python_full_version",
  "python_version",
  "python_version",
  "python_version",
  "sys_platform",
  "extra",
  "extra",
  "extras",
  "dependency_groups",
  "os.name",
  "sys.platform",
  "platform.version",
  "platform.machine",
  "platform.python_implementation",
  "python_implementation",
  "platform.release",
  "python.version",
];
const MARKER_VALUES = [
  "3",
  "3.8",
  "3.11",
  "3.11.*",
  "3.11.7",
  "3.8,<4",
  "=3.8",
  "2.7 3.11",
  " 3.9 ",
  "3.13.0rc1",
  "3.14.0a1+local",
  "linux",
  "Linux",
  "posix",
  "CPython",
  "cpython",
  "x86_64",
  "win32 linux darwin",
  "5.15.0-generic",
  "6.1",
  "test",
  "Test_Extra",
  "test.extra",
  "",
  "python_version",
  "os_name",
  "a\\x41\\n",
  "caf\\u00e9",
  "it\\ts",
  "back\\slash",
  "say 'x'",
];
const MARKER_OPERATORS = ["==", "==", "!=", ">=", "<=", "<", ">", "~=", "===", "in", "not in", "not  in"];

function markerOperand(random: SeededRandom, wantVariable: boolean): string {
  if (random.chance(wantVariable ? 0.95 : 0.05)) return random.pick(VARIABLES);
  const value = random.chance(0.9) ? random.pick(MARKER_VALUES) : versionText(random, true);
  const quote = value.includes("'") || random.chance(0.6) ? '"' : "'";
  return quote + value + quote;
}

/** A marker expression. */
export function markerText(random: SeededRandom, depth = 0): string {
  const space = (): string => random.pick(PLAIN_SPACES);
  if (depth < 4 && random.chance(0.3)) {
    return `${markerText(random, depth + 1)} ${space()}${random.pick(["and", "or"])} ${space()}${markerText(random, depth + 1)}`;
  }
  if (depth < 4 && random.chance(0.2))
    return `${space()}(${space()}${markerText(random, depth + 1)}${space()})${space()}`;
  const isReversed = random.chance(0.2);
  const operator = random.pick(MARKER_OPERATORS);
  const gap = /[a-z]/.test(operator) ? " " : space();
  return `${markerOperand(random, !isReversed)}${gap}${operator}${gap}${markerOperand(random, isReversed)}`;
}

const NAMES = [
  "flask",
  "Flask-Login",
  "a",
  "zope.interface",
  "A_b.C",
  "x_",
  "3to2",
  "foo--bar",
  "-bad",
  "bad-",
  "ruamel.yaml",
];
const EXTRAS = ["standard", "Test_Extra", "test-extra", "a.b", "d_", "-x", "1"];
const URLS = [
  "https://files.example/x-1.0.tar.gz",
  "file:///tmp/x.whl",
  "git+https://git.example/x@main#egg=x",
  "x;y",
  ";z",
];

/** A requirement as people and build tools write them. */
export function requirementText(random: SeededRandom): string {
  const space = (): string => random.pick(PLAIN_SPACES);
  let text = space() + random.pick(NAMES) + space();
  if (random.chance(0.3)) {
    const extras = random.times(random.below(4), () => space() + random.pick(EXTRAS) + space());
    text += `[${extras.join(",")}]${space()}`;
  }
  if (random.chance(0.12)) {
    text += `@${space()}${random.pick(URLS)}${random.pick(["", " ", "\t"])}`;
  } else if (random.chance(0.75)) {
    const specifier = specifierText(random);
    text += random.chance(0.2) ? `(${specifier})${space()}` : specifier;
  }
  if (random.chance(0.4)) text += `;${space()}${markerText(random, 2)}`;
  return text + space();
}

/** Whether ours refuses on purpose what packaging takes: numbers that a double does not hold exactly. */
export function holdsHugeNumber(text: string): boolean {
  return /\d{16}/.test(text);
}

/** The same version spelled differently, or a close neighbour. */
export function respelled(random: SeededRandom, version: string): string {
  switch (random.below(6)) {
    case 0:
      return version.replace(/^(v?(?:\d+!)?\d+(?:\.\d+)*)/i, "$1.0");
    case 1:
      return version.toUpperCase();
    case 2:
      return version.replace(/\d+/, (digits) => `0${digits}`);
    case 3:
      return version.replace(/\+.*/, "");
    case 4:
      return `${version.replace(/\+.*/, "")}+${localLabel(random, true)}`;
    default:
      return version.replace(/\d+$/, (digits) => String((Number(digits) + 1) % 3));
  }
}

const GRAMMAR_TOKENS =
  String.raw`flask x_ a.b [ ] ( ) , ; @ https://x.example/y in not == >= ~= === != < = 1 1.0 2.* 1.0a1 .* +x
  and or python_version os.name extra '3' "3.8" ' " \ é - _ . 1.0.post v2`.split(/\s+/);
const REQUIREMENT_TOKENS = [" ", " ", "\t", "\n", ...GRAMMAR_TOKENS];

/** Tokens of the grammar in no order. */
export function tokenSoup(random: SeededRandom): string {
  return random.times(1 + random.below(12), () => random.pick(REQUIREMENT_TOKENS)).join("");
}

/** The text with up to three characters removed, inserted or replaced. */
export function damaged(random: SeededRandom, text: string): string {
  let result = text;
  for (let count = 1 + random.below(3); count > 0; count--) {
    const place = random.below(result.length + 1);
    const removed = random.below(2);
    const inserted = random.chance(0.7) ? random.pick(HOSTILE) : "";
    result = result.slice(0, place) + inserted + result.slice(place + removed);
  }
  return result;
}

/** Now and then in white space that Python strips, and some that it does not. */
export function padded(random: SeededRandom, text: string): string {
  return random.chance(0.1) ? random.pick(SPACES) + text + random.pick(SPACES) : text;
}

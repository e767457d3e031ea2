/** The tree is the architecture: who may import whom, how long things get, what must stand nowhere. */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

import { expect, test } from "vitest";

import { oraclePython } from "./support/python-oracle.ts";

const PROJECT = fileURLToPath(new URL("..", import.meta.url));

/**
 * For each top-level entry of `src/`: what it may import besides itself. A `type` entry may only be imported with
 * `import type`. The same table with its reasons is in ARCHITECTURE.md.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  base: [],
  standards: ["base"],
  archive: ["base"],
  cache: ["base"],
  net: ["cache", "standards", "base"],
  targets: ["net", "standards", "cache", "base"],
  inputs: ["net", "standards", "cache", "base", "type archive"],
  wheel: ["archive", "standards", "base"],
  index: ["net", "cache", "archive", "standards", "base"],
  sources: ["net", "archive", "targets", "inputs", "wheel", "cache", "standards", "base"],
  resolver: ["type targets", "standards", "base"],
  lock: ["type resolver", "wheel", "archive", "targets", "cache", "standards", "base"],
  pex: ["type resolver", "wheel", "archive", "targets", "cache", "standards", "base"],
  venv: ["type resolver", "wheel", "archive", "targets", "cache", "standards", "base"],
  app: [
    "lock",
    "pex",
    "venv",
    "resolver",
    "sources",
    "index",
    "wheel",
    "inputs",
    "targets",
    "net",
    "cache",
    "archive",
    "standards",
    "base",
  ],
  cli: ["app", "base"],
  "api.ts": ["app", "base"],
  "main.ts": ["cli", "base"],
};

interface Import {
  readonly from: string;
  /** A path below `src/`, or a module's name. */
  readonly to: string;
  readonly isType: boolean;
}

const sources = readdirSync(join(PROJECT, "src"), { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts"))
  .sort();
const textOf = new Map(sources.map((path) => [path, readFileSync(join(PROJECT, "src", path), "utf8")]));
const imports = sources.flatMap((path) => importsOf(path, textOf.get(path) ?? ""));

function importsOf(from: string, text: string): Import[] {
  const pattern = /^(?:import|export)\s+(type\s)?(?:[^;"]*?from\s+)?"([^"]+)";|import\("([^"]+)"\)/gm;
  return [...text.matchAll(pattern)].map(([, type, fixed, dynamic]) => {
    const name = fixed ?? dynamic ?? "";
    const to = name.startsWith(".") ? normalize(join(dirname(from), name)) : name;
    return { from, to, isType: type !== undefined };
  });
}

const topOf = (path: string): string => path.split("/", 1)[0] ?? path;

test("the imports are found at all", () => {
  expect(imports.length).toBeGreaterThan(sources.length);
  expect(imports.some(({ isType }) => isType)).toBe(true);
  expect(imports.some(({ from, to }) => from.startsWith("resolver/") && to.startsWith("standards/"))).toBe(true);
});

test("every import follows the table of layers", () => {
  const wrong = imports.filter(({ from, to, isType }) => {
    if (!to.endsWith(".ts") || topOf(from) === topOf(to)) return false;
    const allowed = MAY_IMPORT[topOf(from)] ?? [];
    return !allowed.includes(topOf(to)) && !(isType && allowed.includes(`type ${topOf(to)}`));
  });
  expect(wrong.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
});

test("every top-level entry of src has its row in the table", () => {
  expect([...new Set(sources.map(topOf))].filter((name) => !(name in MAY_IMPORT))).toEqual([]);
});

test("relative imports lead to files that are there, with their extension", () => {
  const missing = imports.filter(
    ({ to }) =>
      to.includes("/") && !to.startsWith("node:") && !/^@?[a-z0-9-]+\/[a-z0-9-]+$/.test(to) && !textOf.has(to),
  );
  expect(missing.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
});

test("no files import each other in a circle", () => {
  const next = new Map<string, string[]>();
  for (const { from, to } of imports) if (textOf.has(to)) next.set(from, [...(next.get(from) ?? []), to]);
  const circles: string[] = [];
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start !== -1) circles.push([...trail.slice(start), path].join(" → "));
    if (start !== -1 || done.has(path)) return;
    for (const target of next.get(path) ?? []) visit(target, [...trail, path]);
    done.add(path);
  };
  for (const path of sources) visit(path, []);
  expect(circles).toEqual([]);
});

test.each<[what: string, pattern: RegExp, homes: RegExp]>([
  ["node:fs", /"node:fs(?:\/promises)?"/, /^(?:base\/fs\.ts|archive\/)/],
  ["process", /(?<![\w./"-])process\.(?!ts\b)\w|"node:process"/, /^(?:cli\/|main\.ts|base\/host\.ts)/],
  ["console", /(?<![\w./"-])console\.\w/, /^(?:cli\/|main\.ts)/],
  ["a default export", /^export default/m, /^$/],
])("%s is used only where it belongs", (_, pattern, homes) => {
  const strangers = sources.filter((path) => !homes.test(path) && pattern.test(codeOf(textOf.get(path) ?? "")));
  expect(strangers).toEqual([]);
});

function codeOf(text: string): string {
  return text.replace(/\/\*[^]*?\*\//g, "").replace(/(?<![:"'`\w])\/\/.*$/gm, "");
}

test("files stay small", () => {
  const sizes = [...textOf]
    .map(([path, text]) => ({ path, lines: text.split("\n").length - 1 }))
    .sort((left, right) => left.lines - right.lines);
  const at = (share: number): number => sizes[Math.floor((sizes.length - 1) * share)]?.lines ?? 0;
  expect(sizes.filter(({ lines }) => lines > 500)).toEqual([]);
  expect(at(0.9)).toBeLessThanOrEqual(300);
  expect(at(0.5)).toBeLessThanOrEqual(100);
});

test("functions stay within 50 lines", () => {
  expect([...textOf].flatMap(([path, text]) => longFunctions(path, text))).toEqual([]);
});

const FUNCTION_HEAD =
  /^(?: {2})?(?:export |private |override |async |static |get |set )*(?:function\b)?\*? ?\*?#?\w+(?:<[^=(]*>)?\(/;

/** The formatter puts the end of a function on the column of its beginning. */
function longFunctions(path: string, text: string): string[] {
  const lines = text.split("\n");
  return lines.flatMap((line, start) => {
    const indent = /^ */.exec(line)?.[0] ?? "";
    const opening = openingOf(lines, { start, indent });
    if (opening === undefined || /^\s*(?:if|for|while|switch|return|await)\b|=>/.test(line)) return [];
    const end = lines.indexOf(`${indent}}`, opening);
    return end - opening > 51 ? [`${path}:${start + 1} ${end - opening - 1} lines`] : [];
  });
}

/** The line with the brace that begins the body, when the line at `start` begins a function. */
function openingOf(lines: readonly string[], { start, indent }: { start: number; indent: string }): number | undefined {
  const line = lines[start] ?? "";
  if (!FUNCTION_HEAD.test(line)) return undefined;
  if (line.endsWith(" {")) return line.includes("(") ? start : undefined;
  if (!line.endsWith("(")) return undefined;
  const offset = lines.slice(start).findIndex((other) => other.startsWith(`${indent})`));
  return offset > 0 && lines[start + offset]?.endsWith(" {") ? start + offset : undefined;
}

test("the search for long functions finds them", () => {
  const body = "    x();\n".repeat(51);
  for (const [head, end] of [
    ["function f() {", "}"],
    ["export async function f(\n  a: string,\n): Promise<void> {", "}"],
    ["  async #f<T>(a: T): Promise<T> {", "  }"],
    ["  constructor() {", "  }"],
  ]) {
    expect(longFunctions("x.ts", `${head}\n${body}${end}\n`), head).toHaveLength(1);
    expect(longFunctions("x.ts", `${head}\n${body.slice("    x();\n".length)}${end}\n`), head).toHaveLength(0);
  }
});

test("every folder of src says in one line what it is, and ARCHITECTURE.md repeats it", () => {
  const map = readFileSync(join(PROJECT, "ARCHITECTURE.md"), "utf8");
  for (const folder of new Set<string>(sources.map((path) => dirname(path)).filter((name) => name !== "."))) {
    const readme = join(PROJECT, "src", folder, "README.md");
    expect(existsSync(readme), `src/${folder}/README.md is missing`).toBe(true);
    const text = readFileSync(readme, "utf8");
    expect(text, `src/${folder}/README.md`).toMatch(/^[^\n]{10,120}\n$/);
    expect(map, `the line of src/${folder}`).toContain(`| \`${folder}\` | ${text.trim()} |`);
  }
});

test("no registry is named, and no path of a developer's machine", () => {
  // A short home, such as the super-user's, may stand for anything; its hidden directories do not.
  const home = homedir().split("/").length > 2 ? `${homedir()}/` : `${homedir()}/.`;
  const words = [...registryHosts(), home, PROJECT].filter((word) => word.length > 3);
  expect(words.length).toBeGreaterThan(3);
  const findings: string[] = [];
  for (const path of projectFiles()) {
    const text = readFileSync(join(PROJECT, path), "latin1");
    for (const word of words) if (text.includes(word)) findings.push(`${path}: ${word}`);
  }
  expect(findings).toEqual([]);
});

/** The tools are asked, so that the names stand nowhere in here. */
function registryHosts(): string[] {
  const script = "from pip._internal.models.index import PyPI as p; print(p.netloc, p.file_storage_domain)";
  const [index = "", files = ""] = execFileSync(oraclePython(), ["-I", "-c", script], { encoding: "utf8" })
    .trim()
    .split(" ");
  const npm = execFileSync("npm", ["config", "get", "registry"], {
    encoding: "utf8",
    cwd: PROJECT,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const registry = URL.parse(npm.trim())?.hostname ?? "";
  const isPublic = registry.includes(".") && !/^[\d.]+$/.test(registry) && registry !== "index.example";
  return [index, files, ...(isPublic ? [registry] : [])];
}

const NOT_OURS = new Set([".git", "node_modules", "dist", ".test-tools", ".peers", "__pycache__", ".venv"]);
const BINARY = new Set([".whl", ".zip", ".gz", ".pex", ".png", ".pyc"]);

function* projectFiles(folder = ""): Generator<string> {
  for (const name of readdirSync(join(PROJECT, folder)).sort()) {
    const path = join(folder, name);
    if (NOT_OURS.has(name) || BINARY.has(extname(name))) continue;
    const facts = statSync(join(PROJECT, path), { throwIfNoEntry: false });
    if (facts?.isDirectory()) yield* projectFiles(path);
    else if (facts?.isFile()) yield path;
  }
}

/** What the documents say must lead somewhere. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect, test } from "vitest";

const PROJECT = fileURLToPath(new URL("..", import.meta.url));

const documents = [
  ...readdirSync(PROJECT).filter((name) => name.endsWith(".md")),
  ...["docs", "bench"].flatMap(documentsBelow),
];

/** Not what a benchmark is working in, which changes while it is listed. */
function documentsBelow(folder: string): string[] {
  return readdirSync(join(PROJECT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return /^\.|^node_modules$/.test(entry.name) ? [] : documentsBelow(path);
    return path.endsWith(".md") ? [path] : [];
  });
}

/** The anchor that a heading gets. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, "")
    .trim()
    .replaceAll(" ", "-");
}

test.each(documents)("the links of %s lead to files and headings that are there", (document) => {
  const text = readFileSync(join(PROJECT, document), "utf8").replace(/^```[^]*?^```/gm, "");
  const broken = [...text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].flatMap(([, link = ""]) => {
    const [path = "", anchor] = link.split("#");
    const target = path === "" ? document : join(dirname(document), path);
    if (!existsSync(join(PROJECT, target))) return [link];
    if (anchor === undefined) return [];
    const headings = [...readFileSync(join(PROJECT, target), "utf8").matchAll(/^#+ (.+)$/gm)];
    return headings.some(([, heading = ""]) => anchorOf(heading) === anchor) ? [] : [link];
  });
  expect(broken).toEqual([]);
});

test("every document below docs is reachable from its index", () => {
  const index = readFileSync(join(PROJECT, "docs", "README.md"), "utf8");
  const lost = documents.filter(
    (name) =>
      name.startsWith("docs/") && name !== "docs/README.md" && !index.includes(`(${name.slice("docs/".length)})`),
  );
  expect(lost).toEqual([]);
});

/** Made on first use, and ignored by git. */
const MADE_LATER = new Set(["bench/.peers"]);

test("paths of the source tree that documents name exist", () => {
  const missing = documents.flatMap((document) => {
    const text = readFileSync(join(PROJECT, document), "utf8");
    const paths = [...text.matchAll(/`((?:src|python|test|bench|scripts|bin)\/[\w./-]*\w\/?)`/g)].map(
      ([, path = ""]) => path,
    );
    const absent = paths.filter((path) => !MADE_LATER.has(path) && !existsSync(join(PROJECT, path)));
    return absent.map((path) => `${document}: ${path}`);
  });
  expect(missing).toEqual([]);
});

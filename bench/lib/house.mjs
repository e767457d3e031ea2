/** A directory of wheels as an index sees it: which files there are of a project, and the pages about them. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

export const JSON_TYPE = "application/vnd.pypi.simple.v1+json";

/** What the house holds, by project; listed anew when the directory has changed. What a wheel contains never changes. */
const shelves = { changed: undefined, projects: new Map(), facts: new Map() };

export function filesOf(house, project) {
  const changed = statSync(house, { bigint: true }).mtimeNs;
  if (changed !== shelves.changed) {
    shelves.projects.clear();
    for (const name of readdirSync(house).sort()) {
      if (!name.endsWith(".whl")) continue;
      const others = shelves.projects.get(projectOf(name)) ?? [];
      shelves.projects.set(projectOf(name), [...others, name]);
    }
    shelves.changed = changed;
  }
  return (shelves.projects.get(project) ?? []).flatMap((name) => {
    try {
      if (!shelves.facts.has(name)) {
        shelves.facts.set(name, JSON.parse(readFileSync(join(house, `${name}.json`), "utf8")));
      }
      return { name, ...shelves.facts.get(name) };
    } catch {
      return [];
    }
  });
}

function projectOf(wheel) {
  return wheel
    .split("-", 1)[0]
    .toLowerCase()
    .replace(/[-_.]+/g, "-");
}

export function jsonPage(project, files) {
  return JSON.stringify({
    meta: { "api-version": "1.1" },
    name: project,
    versions: [...new Set(files.map(({ name }) => name.split("-")[1]))],
    files: files.map((file) => ({
      filename: file.name,
      url: `../../files/${encodeURIComponent(file.name)}`,
      hashes: { sha256: file.sha256 },
      size: file.size,
      "requires-python": file.requires_python,
      "core-metadata": { sha256: file.metadata_sha256 },
      yanked: false,
    })),
  });
}

export function htmlPage(files, plain) {
  const links = files.map((file) => {
    const requires = file.requires_python ? ` data-requires-python="${escape(file.requires_python)}"` : "";
    const metadata = plain ? "" : ` data-core-metadata="sha256=${file.metadata_sha256}"`;
    return `<a href="../../files/${encodeURIComponent(file.name)}#sha256=${file.sha256}"${requires}${metadata}>${escape(file.name)}</a><br/>`;
  });
  return `<!DOCTYPE html><html><head><title>links</title></head><body>\n${links.join("\n")}\n</body></html>`;
}

function escape(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

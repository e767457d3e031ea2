/** `requires.txt` of an `.egg-info` directory (setuptools' own format), read as `importlib.metadata` does. */

/** The requirements as PEP 508 texts: a section `[extra:marker]` becomes the marker of each of its lines. */
export function parseEggRequires(text: string): string[] {
  const requirements: string[] = [];
  let marker = "";
  for (const raw of text.split(/\r\n|[\n\r\v\f]/)) {
    const line = raw.trim();
    if (line === "") continue;
    if (line.startsWith("[") && line.endsWith("]")) marker = markerOf(line.replace(/^[[\]]+|[[\]]+$/g, ""));
    // A URL ends at a blank.
    else requirements.push(marker === "" ? line : `${line}${line.includes("@") ? " " : ""}; ${marker}`);
  }
  return requirements;
}

function markerOf(section: string): string {
  const colon = section.indexOf(":");
  const extra = colon === -1 ? section : section.slice(0, colon);
  const marker = colon === -1 ? "" : section.slice(colon + 1);
  if (extra === "") return marker;
  return marker === "" ? `extra == "${extra}"` : `(${marker}) and extra == "${extra}"`;
}

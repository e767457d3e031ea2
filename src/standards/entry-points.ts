/** `entry_points.txt` (entry points specification), read as `importlib.metadata` does. */

/** One named object that a distribution offers. */
export interface EntryPoint {
  /** Such as `console_scripts`. */
  readonly group: string;
  readonly name: string;
  /** Dotted name of the module. */
  readonly module: string;
  /** Dotted path inside the module; `undefined` means the module itself. */
  readonly attribute: string | undefined;
  readonly extras: readonly string[];
}

const OBJECT = /^([\p{L}\p{N}_.]+)\s*(?::\s*([\p{L}\p{N}_.]+)\s*)?(?:\[(.*)\]\s*)?$/u;

/**
 * All entry points in the order of the file. Lines that define none are passed over: one broken plug-in
 * must not make a distribution unusable.
 */
export function parseEntryPoints(text: string): EntryPoint[] {
  const entryPoints: EntryPoint[] = [];
  let group: string | undefined;
  for (const raw of text.split(/\r\n|[\n\r\v\f]/)) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#") || line.startsWith(";")) continue;
    if (line.startsWith("[") && line.endsWith("]")) {
      group = line.replace(/^[[\]]+|[[\]]+$/g, "");
      continue;
    }
    const equals = line.indexOf("=");
    if (group === undefined || equals === -1) continue;
    const object = parseObjectReference(line.slice(equals + 1).trim());
    if (object) entryPoints.push({ group, name: line.slice(0, equals).trim(), ...object });
  }
  return entryPoints;
}

/** Reads `module`, `module:attribute` or `module:attribute [extra]`; `undefined` for anything else. */
export function parseObjectReference(text: string): Pick<EntryPoint, "module" | "attribute" | "extras"> | undefined {
  const match = OBJECT.exec(text);
  if (!match) return undefined;
  const extras = (match[3] ?? "").split(",").map((extra) => extra.trim());
  return { module: match[1] ?? "", attribute: match[2], extras: extras.filter((extra) => extra !== "") };
}

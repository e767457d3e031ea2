/** What pex notes of a wheel before it installs it: `original-whl-info.json`. */

/** An entry of the original archive. */
export interface OriginalEntry {
  readonly name: string;
  /** Unix type and permission bits. */
  readonly mode: number;
  /** Date and time as a zip holds them (4.4.6), the date in the upper half. */
  readonly modified: number;
}

/** The files in the order of the archive; `undefined` for what is not written as pex does. */
export function parseOriginal(text: string): readonly OriginalEntry[] | undefined {
  const document = parseJson(text);
  const rows =
    typeof document === "object" && document !== null && "entries" in document ? document.entries : undefined;
  if (!Array.isArray(rows)) return undefined;
  const entries = rows.map(parseEntry);
  // Directories say nothing that the files below them do not say.
  return entries.every((entry) => entry !== undefined) ? entries.filter(({ name }) => !name.endsWith("/")) : undefined;
}

/** `[name, [year, month, day, hour, minute, second], external attributes]` */
function parseEntry(row: unknown): OriginalEntry | undefined {
  if (!Array.isArray(row)) return undefined;
  const [name, date, attributes] = row as unknown[];
  if (typeof name !== "string" || typeof attributes !== "number" || !isDate(date)) return undefined;
  const [year = 1980, month = 1, day = 1, hour = 0, minute = 0, second = 0] = date;
  const days = ((year - 1980) << 9) | (month << 5) | day;
  const time = (hour << 11) | (minute << 5) | (second >> 1);
  const mode = (attributes >>> 16) & 0o7777;
  return { name, mode: mode === 0 ? 0o644 : mode, modified: ((days & 0xffff) * 0x10000 + (time & 0xffff)) >>> 0 };
}

function isDate(value: unknown): value is number[] {
  return Array.isArray(value) && value.length === 6 && value.every((each) => Number.isInteger(each));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

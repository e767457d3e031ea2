/** Sizes for people. */

const UNITS = ["kB", "MB", "GB", "TB"];

/** A number of bytes with three digits at most and a decimal unit: `512 B`, `1.2 MB`, `274 MB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = "B";
  for (const next of UNITS) {
    if (value < 999.5) break;
    value /= 1000;
    unit = next;
  }
  return `${unit === "B" || value >= 9.95 ? value.toFixed(0) : value.toFixed(1)} ${unit}`;
}

/** The table that is printed. */

const UNITS = {
  seconds: (value) => (value < 1 ? `${(value * 1000).toFixed(value < 0.1 ? 1 : 0)} ms` : `${value.toFixed(2)} s`),
  count: (value) => String(value),
  bytes: (value) => `${(value / 1e6).toFixed(value < 1e7 ? 2 : 1)} MB`,
};

/**
 * Rows: `bar`, `set`, `ours`, and either `theirs` and `ratio` with `must`/`aim` as factors, or `must`/`aim` in the unit
 * itself. Without `must` a row is for information.
 */
export function markdown(rows) {
  const lines = [
    "| Bar | Set | pexjs | Peer | Ratio | CPU time | Must | Aim | Runs | |",
    "|---|---|---:|---:|---:|---:|---:|---:|---:|---|",
  ];
  for (const row of rows) {
    const show = UNITS[row.unit ?? "seconds"];
    const isRatio = row.ratio !== undefined;
    const cpu = ({ cpuRatio }) => (cpuRatio === undefined || row.unit === "bytes" ? "" : `${cpuRatio.toFixed(3)}×`);
    const limit = (value) => (value === undefined ? "" : isRatio ? `${value}×` : show(value));
    lines.push(
      `| ${row.bar} | ${row.set ?? ""} | ${show(row.ours)} | ${row.theirs === undefined ? "" : `${show(row.theirs)} (${row.peer})`} | ` +
        `${isRatio ? `**${row.ratio.toFixed(3)}×**` : ""} | ${cpu(row)} | ${limit(row.must)} | ${limit(row.aim)} | ${row.runs ?? ""} | ${verdict(row)} |`,
    );
  }
  return lines.join("\n");
}

/** `aim`, `must` or `MISSED`; empty for information. */
export function verdict(row) {
  if (row.must === undefined) return "";
  const value = row.ratio ?? row.ours;
  if (value <= (row.aim ?? row.must)) return row.aim === undefined ? "holds" : "aim";
  return value <= row.must ? "holds" : "MISSED";
}

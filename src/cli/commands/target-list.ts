/** `pex --list-targets`: the machines that have a name. */

import type { NamedTargetReport } from "../../app/list-targets.ts";

/** The list as a text, with a final newline. */
export function formatTargets(systems: readonly NamedTargetReport[]): string {
  const rows = systems.map(({ system, about, machines, own }) => {
    const told = Object.entries(own).map(([python, version]) => `; its own ${python} is ${version}`);
    return [system, machines.join(", "), about + told.join("")] as const;
  });
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map(
    ([system, machines, about]) => `  ${system.padEnd(widths[0] ?? 0)}  ${machines.padEnd(widths[1] ?? 0)}  ${about}`,
  );
  return `${introduction(systems[0]?.pythons ?? [])}\n\n${lines.join("\n")}\n`;
}

function introduction(pythons: readonly string[]): string {
  return `A target is SYSTEM-PYTHON or SYSTEM-PROCESSOR-PYTHON, such as debian12-py311 or macos14-arm64-py312.

PYTHON is one of ${pythons.join(" ")},
in the release that the system itself offers, else in the newest one known. py3.11.4 is a certain
release, py313t a free-threaded build. The processor that comes first is meant where none is named.`;
}

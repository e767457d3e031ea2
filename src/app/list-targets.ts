/** Tells which named targets there are. */

import { namedPythons, namedSystems } from "../targets/named-target.ts";

/** A system and what its targets may be called. */
export interface NamedTargetReport {
  /** Such as `debian12`; targets are `SYSTEM-PYTHON` and `SYSTEM-MACHINE-PYTHON`. */
  readonly system: string;
  readonly about: string;
  /** Such as `py311`. */
  readonly pythons: readonly string[];
  /** Processors, the one that is meant without a word first. */
  readonly machines: readonly string[];
  /** Full versions of the Pythons that the system itself offers, by name. */
  readonly own: Readonly<Record<string, string>>;
}

/** All systems, in the order of their kinds. */
export function listTargets(): readonly NamedTargetReport[] {
  return namedSystems().map(({ name, about, machines, pythons }) => ({
    system: name,
    about,
    pythons: namedPythons(),
    machines: Object.keys(machines),
    own: Object.fromEntries(
      Object.entries(pythons).map(([minor, version]) => [`py${minor.replace(".", "")}`, version]),
    ),
  }));
}

/** Under which names a PEX that is started by a shell looks for a Python. */

import { parseSpecifierSet } from "../standards/specifier.ts";
import { intersect, isEmpty, versionSetOf } from "../standards/version-set.ts";
import { parseInterpreterConstraint, type InterpreterConstraint } from "../targets/interpreter-constraint.ts";

/** What the runtime supports and what is coming, the newest first. */
const CPYTHONS = ["3.16", "3.15", "3.14", "3.13", "3.12", "3.11", "3.10", "3.9", "3.8", "3.7", "3.6", "3.5", "2.7"];
const PYPYS = ["3.11", "3.10", "3.9", "3.8", "3.7", "3.6", "3.5", "2.7"];
const FREE_THREADED = new Set(["3.16", "3.15", "3.14", "3.13"]);

interface KnownPython {
  readonly name: string;
  readonly implementation: "CPython" | "PyPy";
  readonly version: string;
  readonly freeThreaded: boolean;
}

const KNOWN: readonly KnownPython[] = [
  ...CPYTHONS.flatMap((version) => {
    const python = { name: `python${version}`, implementation: "CPython", version, freeThreaded: false } as const;
    return FREE_THREADED.has(version) ? [python, { ...python, name: `${python.name}t`, freeThreaded: true }] : [python];
  }),
  ...PYPYS.map((version) => {
    return { name: `pypy${version}`, implementation: "PyPy", version, freeThreaded: false } as const;
  }),
];

const WITHOUT_MINOR = ["python3", "python2", "pypy3", "pypy2", "python", "pypy"];

/**
 * The names in the order in which they are tried, each once: those of the targets, those that the constraints allow,
 * all that are known, and in the end those that do not tell a version.
 *
 * @param targets Command names such as `python3.11`.
 * @param constraints Texts of interpreter constraints, one of which must hold.
 */
export function pythonNames(targets: readonly string[], constraints: readonly string[]): readonly string[] {
  const parsed = constraints.map(parseInterpreterConstraint);
  const allowed = KNOWN.filter((python) => parsed.some((constraint) => mayHold(constraint, python)));
  return [...new Set([...targets, ...[...allowed, ...KNOWN].map(({ name }) => name), ...WITHOUT_MINOR])];
}

function mayHold({ implementation, lock, specifier }: InterpreterConstraint, python: KnownPython): boolean {
  if (implementation !== undefined && implementation !== python.implementation) return false;
  if (lock !== undefined && (lock === "free-threaded") !== python.freeThreaded) return false;
  const releases = versionSetOf(parseSpecifierSet(`==${python.version}.*`));
  return !isEmpty(intersect(versionSetOf(specifier), releases));
}

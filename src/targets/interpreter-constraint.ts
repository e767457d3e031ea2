/** Interpreter constraints: `CPython>=3.9,<3.13`, `PyPy`, `>=3.8`, `CPython+t==3.13.*`. */

import { PexError } from "../base/errors.ts";
import { escapeControl } from "../base/text.ts";
import { formatSpecifierSet, InvalidSpecifier, parseSpecifierSet, specifierContains } from "../standards/specifier.ts";
import type { SpecifierSet } from "../standards/specifier.ts";
import { intersect, isEmpty, versionSetOf } from "../standards/version-set.ts";
import { parseVersion } from "../standards/version.ts";

import type { Interpreter } from "./interpreter.ts";

/** Which Pythons will do. */
export interface InterpreterConstraint {
  /** Normal form, as PEX-INFO records it. */
  readonly text: string;
  /** `undefined` means any. */
  readonly implementation: "CPython" | "PyPy" | undefined;
  /** Whether only builds with or only builds without the global interpreter lock will do. */
  readonly lock: "gil" | "free-threaded" | undefined;
  readonly specifier: SpecifierSet;
}

/** Text that is no interpreter constraint. */
export class InvalidInterpreterConstraint extends PexError {
  readonly code = "INVALID_INTERPRETER_CONSTRAINT";
}

/** A constraint that no Python could ever satisfy. */
export class UnsatisfiableInterpreterConstraint extends PexError {
  readonly code = "UNSATISFIABLE_INTERPRETER_CONSTRAINT";
}

const CONSTRAINT = /^(?:(CPython)(\+t|-t|\[free-threaded\]|\[gil\])?|(PyPy))?([^A-Za-z[+].*)?$/s;
const LOCKS: Readonly<Record<string, InterpreterConstraint["lock"]>> = {
  "+t": "free-threaded",
  "[free-threaded]": "free-threaded",
  "-t": "gil",
  "[gil]": "gil",
};

/**
 * Reads `[CPython|CPython+t|CPython[free-threaded]|CPython-t|CPython[gil]|PyPy]<version specifier>`.
 * Without a name, any implementation will do; `CPython` alone is with and without the lock.
 *
 * @throws InvalidInterpreterConstraint, UnsatisfiableInterpreterConstraint
 */
export function parseInterpreterConstraint(text: string): InterpreterConstraint {
  const match = CONSTRAINT.exec(text.trim());
  if (!match || text.trim() === "") throw invalid(text);
  const [, cpython, variant = "", pypy, versions = ""] = match;
  const specifier = parseVersions(text, versions.trim());
  const lock = LOCKS[variant];
  const implementation = cpython === undefined ? (pypy === undefined ? undefined : "PyPy") : "CPython";
  const suffix = lock === undefined ? "" : lock === "gil" ? "-t" : "+t";
  const constraint = {
    text: `${implementation ?? ""}${suffix}${formatSpecifierSet(specifier)}`,
    implementation,
    lock,
    specifier,
  } as const;
  if (isImpossible(constraint)) {
    throw new UnsatisfiableInterpreterConstraint(
      `No Python can satisfy the interpreter constraint: ${constraint.text}`,
      {
        hint: "repeat --interpreter-constraint to give alternatives; versions within one must all hold",
      },
    );
  }
  return constraint;
}

/** Whether this interpreter will do. A pre-release of Python counts as its release, as it does for pip and upstream. */
export function satisfiesConstraint(
  interpreter: Pick<Interpreter, "implementation" | "freeThreaded" | "version">,
  constraint: InterpreterConstraint,
): boolean {
  if (constraint.implementation !== undefined && constraint.implementation !== interpreter.implementation) return false;
  if (constraint.lock !== undefined && (constraint.lock === "free-threaded") !== interpreter.freeThreaded) return false;
  return specifierContains(constraint.specifier, parseVersion(interpreter.version.join(".")));
}

/** Free-threaded builds exist from 3.13 on (PEP 703). */
function isImpossible(constraint: Omit<InterpreterConstraint, "text">): boolean {
  const versions = versionSetOf(constraint.specifier);
  if (constraint.lock !== "free-threaded") return isEmpty(versions);
  return isEmpty(intersect(versions, versionSetOf(parseSpecifierSet(">=3.13.dev0"))));
}

function parseVersions(text: string, versions: string): SpecifierSet {
  try {
    return parseSpecifierSet(versions);
  } catch (error) {
    if (error instanceof InvalidSpecifier) throw invalid(text, error);
    throw error;
  }
}

function invalid(text: string, cause?: unknown): InvalidInterpreterConstraint {
  const shown = escapeControl(text);
  const release = /^[0-9]+(?:\.[0-9]+)*$/.exec(text.trim())?.[0];
  return new InvalidInterpreterConstraint(`Not an interpreter constraint: ${shown}`, {
    cause,
    hint:
      release === undefined
        ? "write it like `CPython>=3.9,<3.13`, `PyPy>=3.9` or `>=3.9`"
        : `write \`==${release}.*\` for every ${release}`,
  });
}

/** How terms and incompatibilities are put into words. */

import { assertNever } from "../../base/errors.ts";
import { sentenceList } from "../../base/text.ts";
import type { Requirement } from "../../standards/requirement.ts";
import { contains, formatVersionSet, isEmpty, type VersionSet } from "../../standards/version-set.ts";
import { formatVersion, type Version } from "../../standards/version.ts";
import { describeRequirement } from "../requirement-text.ts";
import type { Fact } from "./cause.ts";
import type { Incompatibility } from "./incompatibility.ts";
import type { Package } from "./package.ts";
import type { Term } from "./term.ts";

/** What the narrator has to know about packages. */
export interface Vocabulary {
  /** Versions that can be used, newest first; `undefined` when they were never looked at. */
  usableVersions(subject: Package): readonly Version[] | undefined;
  /** Why versions in a set that do exist cannot be used, such as `2.0: yanked`; empty when none exist. */
  passedOver(subject: Package, set: VersionSet): string;
}

/** A fact as a clause: `foo 1.0 requires bar>=2`. */
export function sayFact({ cause, terms }: Incompatibility<Fact>, vocabulary: Vocabulary): string {
  const [first, second] = terms;
  if (first === undefined) return "nothing can be chosen";
  switch (cause.kind) {
    case "root":
      return "you ask for something";
    case "dependency":
      return sayDependency(first, second, cause.requirement, vocabulary);
    case "same-version":
      return saySameVersion(terms);
    case "no-versions":
      return sayNoVersions(first, vocabulary);
    case "unknown-project":
      return `there is no project called ${first.package.label}`;
    case "constraint":
      return `you ${cause.verb} ${describeRequirement(cause.constraint)}`;
    case "unusable":
      return `${everyVersion(first, vocabulary)} ${cause.verb} ${cause.what}`;
    default:
      return assertNever(cause);
  }
}

/** A conclusion as a clause: `foo 1.0 cannot be used`. */
export function sayClaim({ terms }: Incompatibility, vocabulary: Vocabulary): string {
  const chosen = terms.filter((term) => term.positive && term.package.kind !== "root");
  const needed = terms.filter((term) => !term.positive);
  const needs = sentenceList(
    needed.map((term) => sayTerm(term, vocabulary)),
    "or",
  );
  const [only, ...others] = chosen;
  if (only === undefined) return needed.length === 0 ? "there is no solution" : `${needs} is needed`;
  const together = sentenceList(chosen.map((term) => sayTerm(term, vocabulary)));
  if (needed.length === 0) return others.length === 0 ? `${together} cannot be used` : `${together} exclude each other`;
  return others.length === 0
    ? `${everyVersion(only, vocabulary)} requires ${needs}`
    : `${together} together require ${needs}`;
}

/** `, required by foo 1.0 and bar`; empty when only the user is. */
export function sayDependants(dependants: readonly Term[], vocabulary: Vocabulary): string {
  const texts = [...new Set(dependants.map((term) => sayTerm(term, vocabulary)))];
  if (texts.length === 0) return "";
  const shown = texts.length <= MOST_DEPENDANTS ? texts : [...texts.slice(0, MOST_DEPENDANTS), "others"];
  return `, required by ${sentenceList(shown)}`;
}

const MOST_DEPENDANTS = 2;

function sayDependency(
  dependant: Term,
  dependency: Term | undefined,
  requirement: Requirement,
  vocabulary: Vocabulary,
): string {
  const { package: subject } = dependant;
  const text = describeRequirement(requirement);
  if (subject.kind === "root") return `you require ${text}${dependency === undefined ? IMPOSSIBLE : ""}`;
  const said = `${everyVersion(dependant, vocabulary)} requires ${text}`;
  if (dependency !== undefined) return said;
  return `${said}${subject.project === requirement.project ? ", another version of itself" : IMPOSSIBLE}`;
}

const IMPOSSIBLE = ", which no version can meet";

function saySameVersion(terms: readonly Term[]): string {
  const subject = terms.map((term) => term.package).find((subject) => subject.kind === "extra");
  return subject?.kind === "extra" ? `${subject.label} needs the same version of ${subject.base.label}` : "";
}

function sayNoVersions({ package: subject, set }: Term, vocabulary: Vocabulary): string {
  const passedOver = vocabulary.passedOver(subject, set);
  const isAny = set.cuts.length === 0;
  if (passedOver === "") {
    return isAny
      ? `${subject.label} has no versions`
      : `no version of ${subject.label} matches ${formatVersionSet(set)}`;
  }
  const what = isAny
    ? `${subject.label} has no usable version`
    : `no usable version of ${subject.label} matches ${formatVersionSet(set)}`;
  return `${what} (${passedOver})`;
}

/** `every version of foo`, `foo 1.0`, `foo>=2`. */
function everyVersion(term: Term, vocabulary: Vocabulary): string {
  const text = sayTerm(term, vocabulary);
  return text === term.package.label ? `every version of ${text}` : text;
}

/** `foo` for all versions of it, `foo 1.0`, `foo>=2`. */
function sayTerm({ package: subject, positive, set }: Term, vocabulary: Vocabulary): string {
  const versions = vocabulary.usableVersions(subject);
  // What is required was written by somebody; what is excluded was found version by version.
  if (!positive || versions === undefined) return joined(subject.label, sayRange(set));
  return joined(subject.label, sayRuns(runsIn(set, versions), versions) ?? sayRange(set));
}

function sayRange(set: VersionSet): string {
  return set.cuts.length === 0 && !isEmpty(set) ? "" : formatVersionSet(set);
}

/** Consecutive existing versions, newest first. */
type Run = readonly Version[];

function runsIn(set: VersionSet, versions: readonly Version[]): readonly Run[] {
  const runs: Version[][] = [];
  let current: Version[] | undefined;
  for (const version of versions) {
    if (!contains(set, version)) current = undefined;
    else if (current === undefined) runs.push((current = [version]));
    else current.push(version);
  }
  return runs;
}

/** More runs than this are not listed. */
const MANY_RUNS = 3;

/** The set as a reader would describe it who knows which versions exist; `undefined` when it holds none of them. */
function sayRuns(runs: readonly Run[], versions: readonly Version[]): string | undefined {
  const newest = runs[0]?.[0];
  const oldest = runs.at(-1)?.at(-1);
  if (newest === undefined || oldest === undefined) return undefined;
  if (runs.length > MANY_RUNS) {
    const count = runs.reduce((sum, run) => sum + run.length, 0);
    return `${formatVersion(oldest)} … ${formatVersion(newest)} (${count} versions)`;
  }
  return runs
    .toReversed()
    .map((run) => sayRun(run, versions))
    .join(" or ");
}

function sayRun(run: Run, versions: readonly Version[]): string {
  const [newest] = run;
  const oldest = run.at(-1);
  if (newest === undefined || oldest === undefined) return "";
  if (newest === oldest) return formatVersion(newest);
  const isOpenAbove = newest === versions[0];
  const isOpenBelow = oldest === versions.at(-1);
  if (isOpenAbove && isOpenBelow) return "";
  if (isOpenAbove) return `>=${formatVersion(oldest)}`;
  return isOpenBelow ? `<=${formatVersion(newest)}` : `>=${formatVersion(oldest)},<=${formatVersion(newest)}`;
}

/** `foo 1.0`, `foo>=2`, `foo`. */
function joined(label: string, versions: string): string {
  return /^[a-z0-9]/i.test(versions) ? `${label} ${versions}` : `${label}${versions}`;
}

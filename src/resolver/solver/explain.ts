/** Tells a proof as sentences (docs/internals/solver.md §5). */

import { contains, equals } from "../../standards/version-set.ts";
import { type Derived, type Incompatibility, isDerived, isFact } from "./incompatibility.ts";
import { causesOf } from "./proof.ts";
import type { Term } from "./term.ts";
import { sayClaim, sayFact, type Vocabulary } from "./wording.ts";

/** A story of more sentences is told by its beginning and its end: long proofs repeat themselves. */
const LONGEST = 10;
const BEGINNING = 3;
const END = 4;

/** One sentence for each step of the proof that has something new to say; the last one concludes. */
export function explain(proof: Incompatibility, vocabulary: Vocabulary): readonly string[] {
  if (isFact(proof)) return [`${capitalized(sayFact(proof, vocabulary))}.`];
  if (!isDerived(proof)) return [];
  const sentences = new Narrator(vocabulary).tell(proof);
  if (sentences.length <= LONGEST) return sentences;
  const omitted = `… (${sentences.length - BEGINNING - END} more steps)`;
  return [...sentences.slice(0, BEGINNING), omitted, ...sentences.slice(-END)];
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Something to do for the story, and what has to be done right after it. */
type Task = () => readonly Task[] | void;

/** Writes the sentences and numbers those that others refer to. */
class Narrator {
  readonly #vocabulary: Vocabulary;
  /** What is told in place of each step, see `#essenceOf`. */
  readonly #essences = new Map<Incompatibility, Incompatibility>();
  readonly #texts = new Map<Incompatibility, string>();
  /** How many steps rest on each derived incompatibility. */
  readonly #uses = new Map<Incompatibility, number>();
  readonly #numbers = new Map<Incompatibility, number>();
  readonly #sentences: { readonly text: string; number: number | undefined }[] = [];

  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary;
  }

  /** The whole story. */
  tell(proof: Derived): readonly string[] {
    this.#findEssences(proof);
    this.#countUses(proof);
    // Proofs get thousands of steps deep, so what is still to be told waits here and not on the call stack.
    const waiting: Task[] = [() => this.#plan(proof)];
    for (let task = waiting.pop(); task !== undefined; task = waiting.pop()) {
      const tasks = task() ?? [];
      waiting.push(...tasks.toReversed());
    }
    return this.#sentences.map(({ text, number }) => (number === undefined ? text : `${text} (${number})`));
  }

  #countUses(proof: Derived): void {
    const told = new Set([proof]);
    for (const step of told) {
      for (const cause of this.#reasonsOf(step)) {
        this.#uses.set(cause, (this.#uses.get(cause) ?? 0) + 1);
        if (isDerived(cause)) told.add(cause);
      }
    }
  }

  /** What has to be done to say why an incompatibility holds, after all that it rests on. */
  #plan(step: Derived): readonly Task[] {
    const tasks = this.#planReasons(step);
    return this.#isShared(step) ? [...tasks, () => this.#numberLast(step)] : tasks;
  }

  #planReasons(step: Derived): readonly Task[] {
    const [left, right] = this.#reasonsOf(step);
    if (isDerived(left))
      return isDerived(right) ? this.#planFromSteps(step, left, right) : this.#planFromFact(step, left, right);
    if (isDerived(right)) return this.#planFromFact(step, right, left);
    return [this.#sentence("Because", inReadingOrder(left, right), step)];
  }

  #reasonsOf(step: Derived): readonly [Incompatibility, Incompatibility] {
    const [left, right] = causesOf(step);
    return [this.#essenceOf(left), this.#essenceOf(right)];
  }

  /**
   * What is told in place of an incompatibility: the earlier one, when the step from it only says that there are no
   * other versions, or that an extra has its project's version, and so means the same.
   */
  #essenceOf(incompatibility: Incompatibility): Incompatibility {
    return this.#essences.get(incompatibility) ?? incompatibility;
  }

  #findEssences(proof: Derived): void {
    for (const step of premisesFirst(proof)) {
      const [left, right] = this.#reasonsOf(step);
      if (isBookkeeping(left) && this.#meansTheSame(step, right)) this.#essences.set(step, right);
      else if (isBookkeeping(right) && this.#meansTheSame(step, left)) this.#essences.set(step, left);
    }
  }

  /** Whether both exclude the same versions of those that exist. */
  #meansTheSame(left: Incompatibility, right: Incompatibility): boolean {
    const leftTerms = left.terms.filter(isTold);
    const rightTerms = right.terms.filter(isTold);
    return (
      leftTerms.length === rightTerms.length &&
      leftTerms.every((term) => rightTerms.some((other) => this.#isAlike(term, other)))
    );
  }

  #isAlike(left: Term, right: Term): boolean {
    if (left.package !== right.package || left.positive !== right.positive) return false;
    // What is required keeps its words: that nothing lies between two bounds may be the point.
    const versions = left.positive ? this.#vocabulary.usableVersions(left.package) : undefined;
    if (versions === undefined) return equals(left.set, right.set);
    return versions.every((version) => contains(left.set, version) === contains(right.set, version));
  }

  /** A step from one other and a fact. */
  #planFromFact(step: Derived, cause: Derived, fact: Incompatibility): readonly Task[] {
    if (this.#numbers.has(cause)) return [this.#sentence("Because", [fact, cause], step)];
    const [earlier, earlierFact] = this.#skip(cause) ?? [];
    if (earlier === undefined || earlierFact === undefined) {
      return [() => this.#plan(cause), this.#sentence("And because", [fact], step)];
    }
    return [() => this.#plan(earlier), this.#sentence("And because", inReadingOrder(earlierFact, fact), step)];
  }

  /** What a step rests on, if it needs no sentence of its own because the next one makes it clear. */
  #skip(step: Derived): readonly [Derived, Incompatibility] | undefined {
    if (this.#isShared(step)) return undefined;
    const [left, right] = this.#reasonsOf(step);
    if (isDerived(left) && isFact(right) && !this.#numbers.has(left)) return [left, right];
    if (isFact(left) && isDerived(right) && !this.#numbers.has(right)) return [right, left];
    return undefined;
  }

  /** A step from two others. */
  #planFromSteps(step: Derived, left: Derived, right: Derived): readonly Task[] {
    const isLeftKnown = this.#numbers.has(left);
    const isRightKnown = this.#numbers.has(right);
    if (isLeftKnown && isRightKnown) return [this.#sentence("Because", [left, right], step)];
    if (isLeftKnown) return [() => this.#plan(right), this.#sentence("And because", [left], step)];
    if (isRightKnown) return [() => this.#plan(left), this.#sentence("And because", [right], step)];
    const simple = [right, left].find((cause) => this.#reasonsOf(cause).every(isFact));
    if (simple === undefined) {
      const number = (): void => this.#numberLast(left);
      return [() => this.#plan(left), number, () => this.#plan(right), this.#sentence("And because", [left], step)];
    }
    // It takes one sentence, so the other is still in mind.
    const other = simple === right ? left : right;
    return [() => this.#plan(other), () => this.#plan(simple), this.#sentence("So", [], step)];
  }

  #sentence(opening: string, reasons: readonly Incompatibility[], step: Derived): Task {
    return () => {
      const said = reasons.map((reason) => {
        const number = this.#numbers.get(reason);
        return number === undefined ? this.#text(reason) : `${this.#text(reason)} (${number})`;
      });
      const middle = said.length === 0 ? "" : `${joinReasons(said)}, `;
      this.#sentences.push({ text: `${opening} ${middle}${this.#text(step)}.`, number: undefined });
    };
  }

  #text(incompatibility: Incompatibility): string {
    let text = this.#texts.get(incompatibility);
    if (text === undefined) {
      text = isFact(incompatibility)
        ? sayFact(incompatibility, this.#vocabulary)
        : sayClaim(incompatibility, this.#vocabulary);
      this.#texts.set(incompatibility, text);
    }
    return text;
  }

  #isShared(step: Derived): boolean {
    return (this.#uses.get(step) ?? 0) > 1;
  }

  #numberLast(step: Derived): void {
    const last = this.#sentences.at(-1);
    if (last === undefined || this.#numbers.has(step)) return;
    last.number = this.#numbers.size + 1;
    this.#numbers.set(step, last.number);
  }
}

/** Whether a fact only keeps the books of versions. */
function isBookkeeping({ cause: { kind } }: Incompatibility): boolean {
  return kind === "no-versions" || kind === "same-version";
}

function isTold(term: Term): boolean {
  return term.package.kind !== "root" || !term.positive;
}

/** First what requires, then what is required: `a requires b and b requires c`. */
function inReadingOrder(left: Incompatibility, right: Incompatibility): readonly Incompatibility[] {
  const isAfter = right.cause.kind === "dependency" && right.terms[1]?.package === left.terms[0]?.package;
  return isAfter ? [right, left] : [left, right];
}

/** Who requires something: `you require `, `foo 1.0 requires `. */
const WHO_REQUIRES = /^(?:you require|.+? requires) /;

/** Two reasons as one clause: `you require a and b`, `foo 1.0 requires a and b`. */
function joinReasons(said: readonly string[]): string {
  const [first, second, ...others] = new Set(said);
  if (first === undefined || second === undefined) return first ?? "";
  const [opening] = WHO_REQUIRES.exec(first) ?? [];
  const isSame = opening !== undefined && second.startsWith(opening);
  return [first, isSame ? second.slice(opening.length) : second, ...others].join(" and ");
}

/** The steps of a proof, each after those that it rests on. */
function premisesFirst(proof: Derived): readonly Derived[] {
  const ordered = new Set<Derived>();
  const waiting: { readonly step: Derived; readonly isExpanded: boolean }[] = [{ step: proof, isExpanded: false }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { step, isExpanded } = next;
    if (isExpanded) ordered.add(step);
    if (isExpanded || ordered.has(step)) continue;
    waiting.push({ step, isExpanded: true });
    for (const cause of causesOf(step)) if (isDerived(cause)) waiting.push({ step: cause, isExpanded: false });
  }
  return [...ordered];
}

/** Tells a proof as sentences (docs/internals/solver.md §5). */

import type { Conflict, Fact } from "./cause.ts";
import { type Incompatibility, isDerived, isFact } from "./incompatibility.ts";
import { sayClaim, sayFact, type Vocabulary } from "./wording.ts";

type Derived = Incompatibility<Conflict>;

/** A longer story is told by its beginning and its end. */
const BEGINNING = 5;
const END = 10;

/** Deeper proofs are not told: nobody would read them. */
const DEEPEST = 1000;

/** One sentence for each step of the proof that has something new to say; the last one concludes. */
export function explain(proof: Incompatibility, vocabulary: Vocabulary): readonly string[] {
  if (!isDerived(proof) || depthOf(proof) > DEEPEST) return [];
  const narrator = new Narrator(vocabulary, proof);
  narrator.tell(proof);
  const { sentences } = narrator;
  const omitted = sentences.length - BEGINNING - END;
  if (omitted <= 1) return sentences;
  return [...sentences.slice(0, BEGINNING), `… (${omitted} more steps)`, ...sentences.slice(-END)];
}

/** Writes the sentences and numbers those that others refer to. */
class Narrator {
  readonly #vocabulary: Vocabulary;
  /** How many steps rest on each derived incompatibility. */
  readonly #uses = new Map<Incompatibility, number>();
  readonly #numbers = new Map<Incompatibility, number>();
  readonly #sentences: { readonly text: string; number: number | undefined }[] = [];

  constructor(vocabulary: Vocabulary, proof: Derived) {
    this.#vocabulary = vocabulary;
    for (const step of stepsOf(proof)) {
      for (const cause of causesOf(step)) this.#uses.set(cause, (this.#uses.get(cause) ?? 0) + 1);
    }
  }

  get sentences(): readonly string[] {
    return this.#sentences.map(({ text, number }) => (number === undefined ? text : `${text} (${number})`));
  }

  /** Says why an incompatibility holds, after all that it rests on. */
  tell(step: Derived): void {
    const [left, right] = causesOf(step);
    if (isDerived(left)) {
      if (isDerived(right)) this.#tellFromSteps(step, left, right);
      else if (isFact(right)) this.#tellFromFact(step, left, right);
    } else if (isFact(left)) {
      if (isDerived(right)) this.#tellFromFact(step, right, left);
      else if (isFact(right)) this.#write("Because", [this.#say(left), this.#say(right)], step);
    }
    if (this.#isShared(step)) this.#numberLast(step);
  }

  /** A step from one other and a fact. */
  #tellFromFact(step: Derived, cause: Derived, fact: Incompatibility<Fact>): void {
    if (this.#numbers.has(cause)) {
      this.#write("Because", [this.#say(fact), this.#say(cause)], step);
      return;
    }
    const [earlier, earlierFact] = this.#skip(cause) ?? [];
    if (earlier === undefined || earlierFact === undefined) {
      this.tell(cause);
      this.#write("And because", [this.#say(fact)], step);
      return;
    }
    this.tell(earlier);
    this.#write("And because", [this.#say(earlierFact), this.#say(fact)], step);
  }

  /** What a step rests on, if it needs no sentence of its own because the next one makes it clear. */
  #skip(step: Derived): readonly [Derived, Incompatibility<Fact>] | undefined {
    if (this.#isShared(step)) return undefined;
    const [left, right] = causesOf(step);
    if (isDerived(left) && isFact(right) && !this.#numbers.has(left)) return [left, right];
    if (isFact(left) && isDerived(right) && !this.#numbers.has(right)) return [right, left];
    return undefined;
  }

  /** A step from two others. */
  #tellFromSteps(step: Derived, left: Derived, right: Derived): void {
    const isLeftKnown = this.#numbers.has(left);
    const isRightKnown = this.#numbers.has(right);
    if (isLeftKnown && isRightKnown) {
      this.#write("Because", [this.#say(left), this.#say(right)], step);
    } else if (isLeftKnown || isRightKnown) {
      this.tell(isLeftKnown ? right : left);
      this.#write("And because", [this.#say(isLeftKnown ? left : right)], step);
    } else if (isSimple(left) || isSimple(right)) {
      // The simple one takes one sentence, so the other is still in mind.
      this.tell(isSimple(right) ? left : right);
      this.tell(isSimple(right) ? right : left);
      this.#write("So", [], step);
    } else {
      this.tell(left);
      this.#numberLast(left);
      this.tell(right);
      this.#write("And because", [this.#say(left)], step);
    }
  }

  #write(opening: string, reasons: readonly string[], step: Derived): void {
    const conclusion = sayClaim(step, this.#vocabulary);
    const middle = reasons.length === 0 ? "" : `${[...new Set(reasons)].join(" and ")}, `;
    this.#sentences.push({ text: `${opening} ${middle}${conclusion}.`, number: undefined });
  }

  #say(reason: Incompatibility): string {
    if (isFact(reason)) return sayFact(reason, this.#vocabulary);
    return `${sayClaim(reason, this.#vocabulary)} (${this.#numbers.get(reason)})`;
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

/** Every derived incompatibility of a proof, once. */
export function stepsOf(proof: Derived): ReadonlySet<Derived> {
  const steps = new Set([proof]);
  // Iteration reaches what is added on the way.
  for (const step of steps) for (const cause of causesOf(step)) if (isDerived(cause)) steps.add(cause);
  return steps;
}

/** The facts that a proof rests on, each once. */
export function factsOf(proof: Incompatibility): readonly Incompatibility<Fact>[] {
  if (!isDerived(proof)) return isFact(proof) ? [proof] : [];
  return [...new Set([...stepsOf(proof)].flatMap(causesOf).filter(isFact))];
}

function causesOf(step: Derived): readonly [Incompatibility, Incompatibility] {
  return [step.cause.conflict, step.cause.other];
}

function isSimple(step: Derived): boolean {
  return causesOf(step).every(isFact);
}

/** The length of the longest chain of steps; counting stops soon after `DEEPEST`. */
function depthOf(proof: Derived): number {
  let depth = 0;
  for (let layer = new Set([proof]); layer.size > 0 && depth <= DEEPEST; depth++) {
    layer = new Set([...layer].flatMap(causesOf).filter(isDerived));
  }
  return depth;
}

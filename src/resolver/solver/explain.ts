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

/** Deeper proofs are not told: nobody would read them. */
const DEEPEST = 1000;

/** One sentence for each step of the proof that has something new to say; the last one concludes. */
export function explain(proof: Incompatibility, vocabulary: Vocabulary): readonly string[] {
  if (!isDerived(proof) || depthOf(proof) > DEEPEST) return [];
  const narrator = new Narrator(vocabulary, proof);
  narrator.tell(proof);
  const { sentences } = narrator;
  if (sentences.length <= LONGEST) return sentences;
  const omitted = `… (${sentences.length - BEGINNING - END} more steps)`;
  return [...sentences.slice(0, BEGINNING), omitted, ...sentences.slice(-END)];
}

/** Writes the sentences and numbers those that others refer to. */
class Narrator {
  readonly #vocabulary: Vocabulary;
  /** What is told in place of each step, see `#essenceOf`. */
  readonly #essences = new Map<Derived, Incompatibility>();
  readonly #texts = new Map<Incompatibility, string>();
  /** How many steps rest on each derived incompatibility. */
  readonly #uses = new Map<Incompatibility, number>();
  readonly #numbers = new Map<Incompatibility, number>();
  readonly #sentences: { readonly text: string; number: number | undefined }[] = [];

  constructor(vocabulary: Vocabulary, proof: Derived) {
    this.#vocabulary = vocabulary;
    const told = new Set([proof]);
    for (const step of told) {
      for (const cause of this.#reasonsOf(step)) {
        this.#uses.set(cause, (this.#uses.get(cause) ?? 0) + 1);
        if (isDerived(cause)) told.add(cause);
      }
    }
  }

  get sentences(): readonly string[] {
    return this.#sentences.map(({ text, number }) => (number === undefined ? text : `${text} (${number})`));
  }

  /** Says why an incompatibility holds, after all that it rests on. */
  tell(step: Derived): void {
    const [left, right] = this.#reasonsOf(step);
    if (isDerived(left)) {
      if (isDerived(right)) this.#tellFromSteps(step, left, right);
      else this.#tellFromFact(step, left, right);
    } else if (isDerived(right)) this.#tellFromFact(step, right, left);
    else this.#write("Because", inReadingOrder(left, right), step);
    if (this.#isShared(step)) this.#numberLast(step);
  }

  #reasonsOf(step: Derived): readonly [Incompatibility, Incompatibility] {
    const [left, right] = causesOf(step);
    return [this.#essenceOf(left), this.#essenceOf(right)];
  }

  /**
   * What is told in place of an incompatibility: the earlier one, when the step from it only says that there are no
   * other versions, or that an extra has its project's version, and so reads the same.
   */
  #essenceOf(incompatibility: Incompatibility): Incompatibility {
    if (!isDerived(incompatibility)) return incompatibility;
    const known = this.#essences.get(incompatibility);
    if (known !== undefined) return known;
    const [left, right] = this.#reasonsOf(incompatibility);
    let essence: Incompatibility = incompatibility;
    if (isBookkeeping(left) && this.#meansTheSame(incompatibility, right)) essence = right;
    else if (isBookkeeping(right) && this.#meansTheSame(incompatibility, left)) essence = left;
    this.#essences.set(incompatibility, essence);
    return essence;
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
  #tellFromFact(step: Derived, cause: Derived, fact: Incompatibility): void {
    if (this.#numbers.has(cause)) {
      this.#write("Because", [fact, cause], step);
      return;
    }
    const [earlier, earlierFact] = this.#skip(cause) ?? [];
    if (earlier === undefined || earlierFact === undefined) {
      this.tell(cause);
      this.#write("And because", [fact], step);
      return;
    }
    this.tell(earlier);
    this.#write("And because", inReadingOrder(earlierFact, fact), step);
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
  #tellFromSteps(step: Derived, left: Derived, right: Derived): void {
    const isLeftKnown = this.#numbers.has(left);
    const isRightKnown = this.#numbers.has(right);
    if (isLeftKnown && isRightKnown) {
      this.#write("Because", [left, right], step);
    } else if (isLeftKnown || isRightKnown) {
      this.tell(isLeftKnown ? right : left);
      this.#write("And because", [isLeftKnown ? left : right], step);
    } else if (this.#isSimple(left) || this.#isSimple(right)) {
      // The simple one takes one sentence, so the other is still in mind.
      this.tell(this.#isSimple(right) ? left : right);
      this.tell(this.#isSimple(right) ? right : left);
      this.#write("So", [], step);
    } else {
      this.tell(left);
      this.#numberLast(left);
      this.tell(right);
      this.#write("And because", [left], step);
    }
  }

  #write(opening: string, reasons: readonly Incompatibility[], step: Derived): void {
    const said = reasons.map((reason) => {
      const number = this.#numbers.get(reason);
      return number === undefined ? this.#text(reason) : `${this.#text(reason)} (${number})`;
    });
    const middle = said.length === 0 ? "" : `${joinReasons(said)}, `;
    this.#sentences.push({ text: `${opening} ${middle}${this.#text(step)}.`, number: undefined });
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

  #isSimple(step: Derived): boolean {
    return this.#reasonsOf(step).every(isFact);
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

const YOU_REQUIRE = "you require ";

/** Two reasons as one clause: `you require a and b`. */
function joinReasons(said: readonly string[]): string {
  const [first, second] = said;
  if (first?.startsWith(YOU_REQUIRE) === true && second?.startsWith(YOU_REQUIRE) === true) {
    return `${first} and ${second.slice(YOU_REQUIRE.length)}`;
  }
  return [...new Set(said)].join(" and ");
}

/** The length of the longest chain of steps; counting stops soon after `DEEPEST`. */
function depthOf(proof: Derived): number {
  let depth = 0;
  for (let layer = new Set([proof]); layer.size > 0 && depth <= DEEPEST; depth++) {
    layer = new Set([...layer].flatMap(causesOf).filter(isDerived));
  }
  return depth;
}

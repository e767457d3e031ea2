/** Counts and reports what the solver does, and ends a search that has become hopeless. */

import type { Listener } from "../base/log.ts";
import { sentenceList } from "../base/text.ts";
import { formatVersion } from "../standards/version.ts";
import { TooHard } from "./errors.ts";
import type { Package } from "./solver/package.ts";
import type { Decision } from "./solver/partial-solution.ts";
import type { SearchListener } from "./solver/solver.ts";

/**
 * Ten times the conflicts of the hardest case known to come to an end; by then a search has taken a minute. That there is a
 * bound at all is for the sake of those who make puzzles of packages on purpose: it is a number, not a time, so that equal
 * inputs give equal answers.
 */
const MOST_CONFLICTS = 5000;

/** So many projects are named. */
const MOST_NAMED = 3;

export class Effort implements SearchListener {
  readonly #onEvent: Listener;
  #tries = 0;
  #conflicts = 0;
  readonly #losses = new Map<string, number>();

  constructor(onEvent: Listener) {
    this.#onEvent = onEvent;
  }

  /** Versions of projects that were decided or turned down. */
  get tries(): number {
    return this.#tries;
  }

  tried({ package: subject, version }: Decision, level: number, decided: boolean): void {
    if (subject.kind === "root") return;
    if (subject.kind === "project") this.#tries++;
    const text = `${"  ".repeat(level)}${decided ? "Take" : "Turn down"} ${subject.label} ${formatVersion(version)}`;
    this.#onEvent({ kind: "step", level: 3, text });
  }

  /** @throws TooHard */
  jumpedBack(level: number, loser: Package | undefined): void {
    this.#onEvent({ kind: "step", level: 3, text: `${"  ".repeat(level)}Conflict, back to level ${level}` });
    if (loser !== undefined && loser.kind !== "root") {
      this.#losses.set(loser.project, (this.#losses.get(loser.project) ?? 0) + 1);
    }
    if (++this.#conflicts < MOST_CONFLICTS) return;
    const losers = [...this.#losses].sort(([, left], [, right]) => right - left).slice(0, MOST_NAMED);
    const projects = sentenceList(losers.map(([project]) => project));
    throw new TooHard(`No answer after ${MOST_CONFLICTS} conflicts, of which most undid ${projects}`, {
      hint: "require one version of some of them with `==`, or leave them fewer versions with --constraint",
    });
  }
}

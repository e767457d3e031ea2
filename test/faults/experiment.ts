/** One cache on which everything is done at once, drawn by a seed: crowds, kills, full disks, cleaners, pruning. */
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";

import { oldest, sample } from "../runtime/kit.ts";
import type { PythonVersion } from "../support/python-versions.ts";
import { SeededRandom } from "../support/seeded-random.ts";
import type { Result } from "../support/workspace.ts";
import { PRUNE, verdict, type Form, type Verdict, type World } from "./world.ts";

const PYTHONS = sample.filter((each) => !each.isPyPy);
const FORMS: readonly Form[] = [{}, { venv: true }, { shell: true }, { shell: true, venv: true }];

export class Experiment {
  boots = 0;
  readonly verdicts: Record<Verdict, number> = { right: 0, error: 0, killed: 0, wrong: 0 };
  readonly wrong: unknown[] = [];
  readonly #world: World;
  readonly #random: SeededRandom;
  #root: string;

  constructor(world: World, seed: number) {
    this.#world = world;
    this.#random = new SeededRandom(seed);
    this.#root = world.newRoot();
  }

  /** Something bad, or nothing, and then a boot that has no reason not to be right. */
  async round(): Promise<void> {
    const random = this.#random;
    const python = random.pick(PYTHONS);
    const form = random.pick(FORMS);
    switch (random.below(8)) {
      case 0:
        rmSync(this.#root, { recursive: true, force: true });
        this.#root = this.#world.newRoot();
        break;
      case 1:
      case 2:
        await this.#start("faulted", python, form, { fault: this.#fault() });
        break;
      case 3:
        this.#damage();
        break;
      case 4: {
        const crowd = random.times(2 + random.below(5), () => this.#start("crowd", python, form));
        await Promise.all([...crowd, this.#start("faulted in a crowd", python, form, { fault: this.#fault() })]);
        break;
      }
      case 5:
        await this.#prune(python, form);
        break;
      default:
        break;
    }
    await this.#start("after that", python, form);
  }

  async #start(
    what: string,
    python: PythonVersion,
    form: Form,
    { fault, random = this.#random }: { readonly fault?: string; readonly random?: SeededRandom } = {},
  ): Promise<void> {
    this.boots += 1;
    const boot = this.boots;
    const env = random.below(8) === 0 ? { PEX_VERIFY: "1" } : {};
    const result: Result = await this.#world.boot(this.#root, { python, ...form, env, ...(fault && { fault }) });
    let found = verdict(result);
    // Without a fault of its own a boot has no reason for an error.
    if (fault === undefined && (found !== "right" || result.stderr !== "")) found = "wrong";
    this.verdicts[found] += 1;
    if (found === "wrong") this.wrong.push({ boot, what, python: python.name, form, env, fault, ...result });
  }

  #fault(): string {
    const step = 1 + this.#random.below(this.#random.pick([10, 60, 250]));
    return this.#random.pick([
      `kill@change:${step}`,
      `torn@write:${step}`,
      `ENOSPC@grow:${step}+`,
      `ENOSPC@grow:${step}`,
      `EIO@all:${step}`,
      `EACCES@change:${step}`,
      `EXDEV@link:1+,kill@change:${step}`,
      `ENOLCK@flock:1+,kill@change:${step}`,
    ]);
  }

  /** What a careless cleaner deletes: something at the top of an entry, or an entry, or a whole bucket. */
  #damage(): void {
    let path = this.#run;
    for (let depth = 1 + this.#random.below(4); depth > 0; depth--) {
      const names = readdirIfThere(path);
      if (names.length > 0) path = join(path, this.#random.pick(names));
    }
    rmSync(path, { recursive: true, force: true });
  }

  /** Boots as long as pruning lasts: what they draw is drawn apart, for nobody knows how many there will be. */
  async #prune(python: PythonVersion, form: Form): Promise<void> {
    const stdin = JSON.stringify({ run: this.#run, before: null, dry_run: false });
    const random = new SeededRandom(this.#random.below(2 ** 32));
    const pruning = { isGoing: true };
    const boot = async (): Promise<void> => {
      await this.#start("beside pruning", python, form, { random });
      while (pruning.isGoing) await this.#start("beside pruning", random.pick(PYTHONS), random.pick(FORMS), { random });
    };
    const prune = async (): Promise<Result> => {
      const result = await this.#world.run(oldest.path, [PRUNE], { stdin });
      pruning.isGoing = false;
      return result;
    };
    const [pruned] = await Promise.all([prune(), boot(), boot()]);
    expect(pruned).toMatchObject({ status: 0, stderr: "" });
  }

  get #run(): string {
    return join(this.#root, "pexjs", "1", "run");
  }
}

function readdirIfThere(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

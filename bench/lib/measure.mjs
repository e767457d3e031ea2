/** Timing of whole processes, and the taking of turns that makes ratios comparable. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const MEASURE = fileURLToPath(new URL("measure.py", import.meta.url));

/**
 * Runs one command, or `copies` of it at once; `seconds`, `cpu` (seconds of all of them), `peak` (bytes, of its largest process)
 * and `stdout` of it. Stops the bench when it fails.
 */
export async function measure({ python, work }, { command, env, cwd = work, expect = 0, copies = 1 }) {
  const stdout = join(work, "stdout.txt");
  const stderr = join(work, "stderr.txt");
  const spec = JSON.stringify({ command, env, cwd, stdout, stderr, copies });
  const printed = await new Promise((resolve, reject) => {
    const child = spawn(python, ["-I", "-S", MEASURE], { stdio: ["pipe", "pipe", "inherit"] });
    let text = "";
    child.stdout.on("data", (chunk) => (text += chunk));
    child.on("close", (status) =>
      status === 0 ? resolve(text) : reject(new Error(`Cannot measure: ${command.join(" ")}`)),
    );
    child.stdin.end(spec);
  });
  const sample = JSON.parse(printed);
  if (sample.code !== expect) {
    throw new Error(
      `Exit status ${sample.code}: ${command.join(" ")}\n${readFileSync(stdout, "utf8")}${readFileSync(stderr, "utf8")}`,
    );
  }
  return { ...sample, stdout: readFileSync(stdout, "utf8"), stderr: readFileSync(stderr, "utf8") };
}

/**
 * Lets the sides take turns. A side has a `name`, `step(round)` that gives what `measure` takes, and maybe
 * `check(sample, round)`. Rounds below zero are not counted. Gives the samples by side.
 */
export async function takeTurns(context, sides, { runs = context.runs, warmups = 1 } = {}) {
  const samples = Object.fromEntries(sides.map(({ name }) => [name, []]));
  let rounds = runs;
  for (let round = -warmups; round < rounds; round++) {
    const order = round % 2 === 0 ? sides : sides.toReversed();
    for (const side of order) {
      const sample = await measure(context, await side.step(round));
      await side.check?.(sample, round);
      if (round >= 0) samples[side.name].push(sample);
      else if (sample.seconds > 5) rounds = Math.min(rounds, 3);
    }
  }
  return samples;
}

export function median(values) {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Medians of both sides and of the ratios of neighbouring runs, by a field of the samples. */
export function compare(samples, [ours, theirs], field = "seconds") {
  const left = samples[ours].map((sample) => sample[field]);
  const right = samples[theirs].map((sample) => sample[field]);
  return {
    ours: median(left),
    theirs: median(right),
    ratio: median(left.map((value, index) => value / right[index])),
    cpuRatio: median(samples[ours].map((sample, index) => sample.cpu / samples[theirs][index].cpu)),
    runs: left.length,
  };
}

/** The same small worlds, as wheels in a directory, through pip's resolver. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { PexError } from "../../src/base/errors.ts";
import { askPython } from "../support/python-oracle.ts";
import { type Model, models, textOfNeed, worldOf } from "../support/resolver-oracle.ts";
import { pinsOf, resolveWorld, type World } from "../support/resolver-world.ts";
import { writeWheel } from "../support/wheel-maker.ts";

const PIP = `
import contextlib, io, os
from pip._internal.cli.main import main

def answer(question):
    report = os.path.join(question["folder"], "report.json")
    constraints = os.path.join(question["folder"], "constraints.txt")
    with open(constraints, "w") as out:
        out.write("\\n".join(question["constraints"]))
    arguments = ["install", "--isolated", "--disable-pip-version-check", "--no-input", "-qqq", "--no-cache-dir",
                 "--dry-run", "--ignore-installed", "--no-index", "--find-links", question["folder"],
                 "--report", report, "-c", constraints] + question["requirements"]
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        status = main(arguments)
    if status == 1:
        return None
    if status != 0:
        return "crashed"
    with open(report) as text:
        found = [item["metadata"] for item in json.load(text)["install"]]
    return sorted(item["name"] + " " + item["version"] for item in found)
`;

interface Ours {
  readonly pins: readonly string[] | null;
  /** Whether nothing had to be given up. */
  readonly straight: boolean;
}

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "pexjs-pip-"));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("pip agrees", () => {
  test("wherever it finds a solution, and on the versions where nothing had to be given up", async () => {
    await compare(fc.sample(models({ reluctant: false }), { numRuns: 60, seed: 11 }), "plain");
  });

  test("on when pre-releases are taken", async () => {
    const sample = fc.sample(models({ reluctant: true }), { numRuns: 60, seed: 12 });
    await compare(sample.map(withoutYanked), "prereleases");
  });
});

async function compare(sample: readonly Model[], label: string): Promise<void> {
  const questions = sample.map((model, index) => ({
    folder: join(folder, `${label}-${index}`),
    requirements: model.roots.map(textOfNeed),
    constraints: model.constraints.map(textOfNeed),
  }));
  for (const [index, model] of sample.entries()) writeWorld(questions[index]!.folder, worldOf(model));
  const theirs = askPython<string[] | "crashed" | null>(PIP, questions);
  let disagreements = 0;
  for (const [index, model] of sample.entries()) {
    const ours = await resolveModel(model);
    const their = theirs[index];
    // pip sees an extra and its project apart and gives up, or runs in circles, where there are solutions; ours are
    // checked by brute force elsewhere.
    if (their === null || their === "crashed") {
      if (ours.pins !== null) disagreements++;
      continue;
    }
    const what = JSON.stringify(questions[index]);
    expect(ours.pins, what).not.toBeNull();
    if (ours.straight) expect(ours.pins, what).toEqual(their);
  }
  expect(disagreements).toBeLessThan(sample.length / 10);
}

async function resolveModel(model: Model): Promise<Ours> {
  const question = { requirements: model.roots.map(textOfNeed), constraints: model.constraints.map(textOfNeed) };
  try {
    const resolution = await resolveWorld(worldOf(model), question);
    const pins = pinsOf(resolution).map((pin) => pin.replace("[x]", ""));
    return { pins, straight: resolution.tries === pins.length };
  } catch (error) {
    if (error instanceof PexError) return { pins: null, straight: false };
    throw error;
  }
}

function writeWorld(target: string, world: World): void {
  for (const [name, versions] of Object.entries(world)) {
    for (const [version, details] of Object.entries(versions)) {
      const { requires = [], extras = [] } = "length" in details ? { requires: details } : details;
      writeWheel(target, { name, version, requires, extras, tag: "py3-none-any" });
    }
  }
}

function withoutYanked(model: Model): Model {
  const projects = [...model.projects].map(
    ([name, versions]) => [name, versions.map((version) => ({ ...version, yanked: false }))] as const,
  );
  return { ...model, projects: new Map(projects) };
}

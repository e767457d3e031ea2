import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "smol-toml";
import { describe, expect, test } from "vitest";

import { PexError } from "../../../src/base/errors.ts";
import type { Event } from "../../../src/base/log.ts";
import { pinsOf, type Question, resolveWorld, type World } from "../../support/resolver-world.ts";

interface Scenario extends Question {
  readonly prose: string;
  readonly packages: World;
  readonly expected?: readonly string[];
  readonly files?: readonly string[];
  readonly tries?: number;
  readonly warnings?: readonly string[];
  /** Code of the error; its text is in `test/goldens/resolver`. */
  readonly error?: string;
}

const folder = path.join(import.meta.dirname, "../../fixtures/scenarios");

describe("scenarios", () => {
  for (const file of readdirSync(folder).sort()) {
    const scenario = readScenario(path.join(folder, file));
    test(`${file}: ${scenario.prose}`, async () => {
      const events: Event[] = [];
      const answer = resolveWorld(scenario.packages, scenario, { onEvent: (event) => events.push(event) });
      if (scenario.error !== undefined) {
        const error = await failureOf(answer);
        const text = `${error.message}\n${error.hint === undefined ? "" : `hint: ${error.hint}\n`}`;
        expect(error.code).toBe(scenario.error);
        await expect(text).toMatchFileSnapshot(`../../goldens/resolver/${file.replace(".toml", ".txt")}`);
        return;
      }
      const resolution = await answer;
      expect(pinsOf(resolution)).toEqual(scenario.expected);
      if (scenario.tries !== undefined) expect(resolution.tries).toBe(scenario.tries);
      if (scenario.files !== undefined) {
        expect(resolution.distributions.map((distribution) => distribution.file.filename)).toEqual(scenario.files);
      }
      const warnings = events.flatMap((event) => (event.kind === "warning" ? [event.text] : []));
      expect(warnings).toEqual((scenario.warnings ?? []).map((text): unknown => expect.stringContaining(text)));
    });
  }
});

/** Keys are written with dashes, as in `requires-python`. */
function readScenario(file: string): Scenario {
  const text = readFileSync(file, "utf8");
  return JSON.parse(JSON.stringify(parse(text)), (_key, value: unknown) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        key.replace(/requires-python$/, "requiresPython").replace("metadata-r", "metadataR"),
        item,
      ]),
    );
  }) as Scenario;
}

async function failureOf(answer: Promise<unknown>): Promise<PexError> {
  try {
    await answer;
  } catch (error) {
    if (error instanceof PexError) return error;
    throw error;
  }
  throw new Error("Expected a failure");
}

import { describe, expect, test } from "vitest";

import { BadStatus, isTransient } from "../../../src/net/explain.ts";
import { CutShort, StaleConnection } from "../../../src/net/exchange.ts";
import { waitAfter, withRetries } from "../../../src/net/retry.ts";

const coded = (code: string): Error => Object.assign(new Error(code), { code });

describe("what may succeed in a moment", () => {
  test.each([
    ["ECONNRESET", coded("ECONNRESET"), true],
    ["ECONNREFUSED", coded("ECONNREFUSED"), true],
    ["EAI_AGAIN", coded("EAI_AGAIN"), true],
    ["a name that does not exist", coded("ENOTFOUND"), false],
    ["a certificate", coded("SELF_SIGNED_CERT_IN_CHAIN"), false],
    ["an HTTP/2 stream error", coded("ERR_HTTP2_STREAM_ERROR"), true],
    ["a cut body", new CutShort(), true],
    ["503", new BadStatus(503), true],
    ["429", new BadStatus(429), true],
    ["404", new BadStatus(404), false],
    ["a defect of ours", new TypeError("x"), false],
  ])("%s: %s", (_, error, expected) => {
    expect(isTransient(error)).toBe(expected);
  });
});

describe("the wait before the next try", () => {
  test.each([0, 1, 2, 3, 4])("doubles, with jitter (after %i failures)", (failures) => {
    const waits = Array.from({ length: 50 }, () => waitAfter(coded("ECONNRESET"), failures, 100));
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(50 * 2 ** failures);
    expect(Math.max(...waits)).toBeLessThanOrEqual(100 * 2 ** failures);
    expect(new Set(waits).size).toBeGreaterThan(1);
  });

  test.each([
    ["2", 2000],
    ["0", 0],
    ["100000", 60_000],
    [new Date(Date.now() - 5000).toUTCString(), 0],
  ])("is what the server says: %s", (header, expected) => {
    expect(waitAfter(new BadStatus(503, header), 0, 100)).toBe(expected);
  });

  test("may be given as a date", () => {
    const wait = waitAfter(new BadStatus(503, new Date(Date.now() + 5000).toUTCString()), 0, 100);
    expect(wait).toBeGreaterThan(3500);
    expect(wait).toBeLessThanOrEqual(5000);
  });

  test("that nobody understands is ours", () => {
    expect(waitAfter(new BadStatus(503, "soon"), 0, 100)).toBeLessThanOrEqual(100);
  });
});

describe("trying again", () => {
  async function triesOf(errors: readonly Error[], retries: number): Promise<number> {
    let tries = 0;
    const task = (): Promise<string> => {
      const error = errors[tries++];
      return error ? Promise.reject(error) : Promise.resolve("done");
    };
    await withRetries(task, { retries, delay: 0, patience: 1000, signal: undefined }).catch(() => {});
    return tries;
  }

  test.each([
    ["succeeds after failures", [coded("ECONNRESET"), new CutShort()], 5, 3],
    ["stops after the last retry", Array.from({ length: 9 }, () => new CutShort()), 2, 3],
    ["does not repeat what fails for good", [coded("ENOTFOUND")], 5, 1],
    [
      "does not count connections that were closed already",
      Array.from({ length: 3 }, () => new StaleConnection("x")),
      0,
      4,
    ],
    ["is not fooled by them for ever", Array.from({ length: 99 }, () => new StaleConnection("x")), 0, 6],
  ])("%s", async (_, errors, retries, expected) => {
    expect(await triesOf(errors, retries)).toBe(expected);
  });
});

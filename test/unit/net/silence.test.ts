import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { SilenceClock, TooSlow } from "../../../src/net/silence.ts";
import { SilenceError } from "../../../src/net/tcp.ts";

let bytes: number;
let ended: (Error | number)[];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  bytes = 0;
  ended = [];
});
afterEach(() => {
  vi.useRealTimers();
});

/** A clock of one second. */
function newClock(): SilenceClock {
  return new SilenceClock({
    timeout: 1000,
    received: () => bytes,
    onSilence: (error) => ended.push(error, Math.round(performance.now() - started)),
  });
}

let started: number;
beforeEach(() => {
  started = performance.now();
});

test("silence ends after the timeout, counted from the last sign of life", () => {
  const clock = newClock();
  vi.advanceTimersByTime(900);
  clock.start();
  vi.advanceTimersByTime(999);
  expect(ended).toEqual([]);
  vi.advanceTimersByTime(10);
  expect(ended).toEqual([expect.any(SilenceError), 1900]);
});

test("bytes for others are signs of life", () => {
  newClock();
  for (let second = 0; second < 20; second++) {
    bytes += 2000;
    vi.advanceTimersByTime(900);
  }
  expect(ended).toEqual([]);
});

test("a trickle ends after four timeouts, also when it was a stream before", () => {
  const clock = newClock();
  for (let step = 0; step < 5; step++) {
    bytes += 20_000;
    clock.start();
    vi.advanceTimersByTime(800);
  }
  for (let step = 0; step < 50; step++) {
    bytes += 10;
    clock.start();
    vi.advanceTimersByTime(100);
  }
  expect(ended).toEqual([expect.any(TooSlow), 8000]);
});

test("a small answer that takes its time is none", () => {
  const clock = newClock();
  bytes += 10;
  vi.advanceTimersByTime(900);
  clock.start();
  vi.advanceTimersByTime(900);
  clock.stop();
  vi.advanceTimersByTime(10_000);
  // What comes after a pause of the reader counts anew.
  clock.start();
  vi.advanceTimersByTime(900);
  expect(ended).toEqual([]);
});

test("a process that was suspended gives the server its time again", () => {
  newClock();
  const wait = vi.spyOn(performance, "now");
  wait.mockImplementation(() => started + 60_000);
  vi.advanceTimersByTime(1001);
  expect(ended).toEqual([]);
  bytes += 5000;
  wait.mockImplementation(() => started + 61_000);
  vi.advanceTimersByTime(1001);
  expect(ended).toEqual([]);
  wait.mockRestore();
});

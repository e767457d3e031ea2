/** Reads the body of an answer: all of it, or in large pieces. */

import { CutShort, type Answer } from "./exchange.ts";
import { SilenceClock } from "./silence.ts";

/** The body is larger than anything sensible. */
export class BodyTooLarge extends Error {}

export interface BodyOptions {
  /** Milliseconds of silence after which reading fails. */
  readonly timeout: number;
}

/**
 * All bytes of the body, not decoded.
 *
 * @param options.limit Bytes that are too many.
 * @throws the network's error, CutShort, SilenceError or BodyTooLarge
 */
export function readBody(answer: Answer, options: BodyOptions & { readonly limit: number }): Promise<Buffer> {
  const { body } = answer;
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const clock = new SilenceClock({
      ...options,
      received: answer.received,
      onSilence: (error) => body.destroy(error),
    });
    let isDone = false;
    const fail = (error: Error) => {
      isDone = true;
      clock.stop();
      reject(error);
    };
    body.on("data", (chunk: Buffer) => {
      clock.start();
      chunks.push(chunk);
      size += chunk.length;
      if (size > options.limit) body.destroy(new BodyTooLarge(`more than ${options.limit} bytes`));
    });
    body.once("end", () => {
      isDone = true;
      clock.stop();
      const problem = whatIsMissing(answer, size);
      if (problem) reject(problem);
      else resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size));
    });
    body.on("error", fail);
    body.once("close", () => {
      if (!isDone) fail(new CutShort());
    });
  });
}

/** Bytes that may wait for the reader before the server is told to wait. */
const HIGH_WATER = 1024 * 1024;

/**
 * The body in pieces as large as the reader's pace allows.
 *
 * @throws the network's error, CutShort or SilenceError; what was yielded until then is good.
 */
export async function* bodyPieces(answer: Answer, options: BodyOptions): AsyncGenerator<Buffer, void, void> {
  const { body } = answer;
  let waiting: Buffer[] = [];
  let waitingSize = 0;
  let size = 0;
  let isDone = false;
  let failure: Error | undefined;
  let wake = () => {};
  const finish = (error?: Error) => {
    if (isDone) return;
    clock.stop();
    isDone = true;
    failure = error;
    wake();
  };
  const clock = new SilenceClock({ ...options, received: answer.received, onSilence: (error) => body.destroy(error) });
  body.on("data", (chunk: Buffer) => {
    clock.start();
    waiting.push(chunk);
    waitingSize += chunk.length;
    size += chunk.length;
    if (waitingSize > HIGH_WATER) {
      body.pause();
      clock.stop();
    }
    wake();
  });
  body.once("end", () => finish(whatIsMissing(answer, size)));
  body.on("error", finish);
  body.once("close", () => {
    if (!isDone) finish(new CutShort());
  });
  try {
    for (;;) {
      if (waitingSize > 0) {
        const piece = waiting.length === 1 && waiting[0] ? waiting[0] : Buffer.concat(waiting, waitingSize);
        waiting = [];
        waitingSize = 0;
        if (body.isPaused()) {
          clock.start();
          body.resume();
        }
        yield piece;
      } else if (isDone) {
        if (failure) throw failure;
        return;
      } else {
        await new Promise<void>((resolve) => (wake = resolve));
      }
    }
  } finally {
    clock.stop();
    body.destroy();
  }
}

/** Throws the body away. */
export function discardBody(answer: Answer): void {
  answer.body.on("error", () => {});
  // Reading a short rest keeps the connection; whoever sends more than that is cut off.
  const length = Number(answer.headers["content-length"] ?? Number.NaN);
  if (length <= 65_536) answer.body.resume();
  else answer.body.destroy();
}

function whatIsMissing(answer: Answer, size: number): Error | undefined {
  const announced = answer.headers["content-length"];
  const isShort =
    announced !== undefined && answer.headers["transfer-encoding"] === undefined && size < Number(announced);
  return isShort || !answer.isWhole() ? new CutShort() : undefined;
}

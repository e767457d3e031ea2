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
  const queue = new PieceQueue(answer, options);
  try {
    for (let piece = await queue.next(); piece; piece = await queue.next()) yield piece;
  } finally {
    queue.close();
  }
}

/** Gathers what arrives until somebody takes it. */
class PieceQueue {
  readonly #answer: Answer;
  readonly #clock: SilenceClock;
  #waiting: Buffer[] = [];
  #waitingSize = 0;
  #size = 0;
  #isDone = false;
  #failure: Error | undefined;
  #wake = () => {};

  constructor(answer: Answer, { timeout }: BodyOptions) {
    const { body, received } = answer;
    this.#answer = answer;
    this.#clock = new SilenceClock({ timeout, received, onSilence: (error) => body.destroy(error) });
    body.on("data", (chunk: Buffer) => this.#add(chunk));
    body.once("end", () => this.#finish(whatIsMissing(answer, this.#size)));
    body.on("error", (error) => this.#finish(error));
    body.once("close", () => {
      if (!this.#isDone) this.#finish(new CutShort());
    });
  }

  /** Everything that has come since the last call, or `undefined` at the end. @throws what ended the body early */
  async next(): Promise<Buffer | undefined> {
    while (this.#waitingSize === 0 && !this.#isDone) await new Promise<void>((resolve) => (this.#wake = resolve));
    if (this.#waitingSize > 0) return this.#take();
    if (this.#failure) throw this.#failure;
    return undefined;
  }

  close(): void {
    this.#clock.stop();
    this.#answer.body.destroy();
  }

  #add(chunk: Buffer): void {
    this.#clock.start();
    this.#waiting.push(chunk);
    this.#waitingSize += chunk.length;
    this.#size += chunk.length;
    if (this.#waitingSize > HIGH_WATER) {
      this.#answer.body.pause();
      this.#clock.stop();
    }
    this.#wake();
  }

  #take(): Buffer {
    const [first] = this.#waiting;
    const piece = this.#waiting.length === 1 && first ? first : Buffer.concat(this.#waiting, this.#waitingSize);
    this.#waiting = [];
    this.#waitingSize = 0;
    if (this.#answer.body.isPaused()) {
      this.#clock.start();
      this.#answer.body.resume();
    }
    return piece;
  }

  #finish(failure: Error | undefined): void {
    if (this.#isDone) return;
    this.#clock.stop();
    this.#isDone = true;
    this.#failure = failure;
    this.#wake();
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

/** Reads the body of an answer: all of it, or in large pieces. */

import { CutShort, endEarly, type Answer } from "./exchange.ts";
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
    const whole = new Assembly(announcedLength(answer));
    const clock = new SilenceClock({
      ...options,
      received: answer.received,
      onSilence: (error) => endEarly(body, error),
    });
    let isDone = false;
    const fail = (error: Error) => {
      isDone = true;
      clock.stop();
      reject(error);
    };
    body.on("data", (chunk: Buffer) => {
      clock.start();
      whole.add(chunk);
      if (whole.size > options.limit) endEarly(body, new BodyTooLarge(`more than ${options.limit} bytes`));
    });
    body.once("end", () => {
      isDone = true;
      clock.stop();
      const problem = whatIsMissing(answer, whole.size);
      if (problem) reject(problem);
      else resolve(whole.finish());
    });
    body.on("error", fail);
    body.once("close", () => {
      if (!isDone) fail(new CutShort());
    });
  });
}

/** Bytes of the largest body that is gathered in the pieces in which it comes. */
const SMALL = 64 * 1024;
/** Bytes of the largest body that a server is believed to have; a page has some millions. */
const CREDIBLE = 32 * 1024 * 1024;

/** Puts pieces together: a large body at once where it stays, so that it is in memory once only. */
class Assembly {
  size = 0;
  readonly #pieces: Buffer[] = [];
  #place: Buffer | undefined;

  /** @param announced Bytes that will come, if the server tells. */
  constructor(announced: number | undefined) {
    if (announced !== undefined && announced > SMALL && announced <= CREDIBLE) {
      this.#place = Buffer.allocUnsafeSlow(announced);
    }
  }

  add(piece: Buffer): void {
    const end = this.size + piece.length;
    if (this.#place && end <= this.#place.length) {
      this.#place.set(piece, this.size);
    } else {
      if (this.#place) this.#pieces.push(this.#place.subarray(0, this.size));
      this.#place = undefined;
      this.#pieces.push(piece);
    }
    this.size = end;
  }

  finish(): Buffer {
    if (this.#place) return this.#place.subarray(0, this.size);
    const [first] = this.#pieces;
    return this.#pieces.length === 1 && first ? first : Buffer.concat(this.#pieces, this.size);
  }
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
    this.#clock = new SilenceClock({ timeout, received, onSilence: (error) => endEarly(body, error) });
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
    endEarly(this.#answer.body);
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
  else endEarly(answer.body);
}

/** Bytes of the body, not decoded, if the server tells. */
function announcedLength({ headers }: Answer): number | undefined {
  const text = headers["transfer-encoding"] === undefined ? headers["content-length"] : undefined;
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

function whatIsMissing(answer: Answer, size: number): Error | undefined {
  const announced = announcedLength(answer);
  const isShort = announced !== undefined && size < announced;
  return isShort || !answer.isWhole() ? new CutShort() : undefined;
}

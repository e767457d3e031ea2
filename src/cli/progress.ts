/** What a person sees of the work while it goes on. */

import type { Event, Listener } from "../base/log.ts";
import { escapeControl, plural } from "../base/text.ts";

import { formatBytes } from "./format-bytes.ts";
import type { Output } from "./session.ts";
import type { Style } from "./style.ts";

/** In the words of `bdist_pex`, for which people have patterns. */
export function describeWriting({ script, path }: Extract<Event, { kind: "writing" }>): string {
  return script === undefined ? `Writing environment pex into ${path}` : `Writing ${script} to ${path}`;
}

export interface ProgressOptions {
  readonly stderr: Output;
  readonly style: Style;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly quiet: boolean;
  /** The value of `PEX_VERBOSE`: 0 shows warnings only, and the live line on a terminal. */
  readonly verbosity: number;
  /** Milliseconds since some start; replaced by tests. */
  readonly now?: () => number;
}

/** Milliseconds until the live line appears, and between two versions of it. */
const PATIENCE = 200;
const REDRAW_INTERVAL = 80;
const DEFAULT_COLUMNS = 80;
const CLEAR_LINE = "\r\u001b[K";

interface Download {
  readonly name: string;
  readonly total: number | undefined;
  received: number;
}

/**
 * Shows events on stderr: one throttled line that rewrites itself on a terminal, plain lines with `-v`, warnings always,
 * and nothing at all with `-q`.
 */
export class Progress {
  readonly #options: ProgressOptions;
  readonly #isLive: boolean;
  readonly #now: () => number;
  readonly #warned = new Set<string>();
  readonly #projects = new Set<string>();
  readonly #running = new Map<number, Download>();
  readonly #began: number;
  #finished = 0;
  #finishedBytes = 0;
  #firstByteAt: number | undefined;
  #drawnAt: number;
  #isDrawn = false;

  constructor(options: ProgressOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#isLive = isLiveTerminal(options);
    this.#began = this.#now();
    this.#drawnAt = this.#began + PATIENCE - REDRAW_INTERVAL;
  }

  /** Whether a person is watching, who likes to hear how it ended. */
  get isLive(): boolean {
    return this.#isLive;
  }

  /** Milliseconds since the start. */
  get elapsed(): number {
    return this.#now() - this.#began;
  }

  /** Takes an event; to be handed around as a function. */
  readonly listener: Listener = (event) => {
    if (!this.#options.quiet) this.#hear(event);
  };

  /** Removes the live line; what comes next on the terminal starts at its left edge. */
  stop(): void {
    if (this.#isDrawn) this.#options.stderr.write(CLEAR_LINE);
    this.#isDrawn = false;
  }

  #hear(event: Event): void {
    switch (event.kind) {
      case "warning":
        this.#warn(event.text, event.hint);
        return;
      case "step":
        if (event.level <= this.#options.verbosity) this.#line(event.text);
        return;
      case "writing":
        this.stop();
        this.#options.stderr.write(`${escapeControl(describeWriting(event))}\n`);
        return;
      case "span":
        if (this.#options.verbosity > 0) this.#line(`${event.name}: ${event.milliseconds.toFixed(0)}ms`);
        return;
      case "metadata":
        this.#projects.add(event.project);
        break;
      case "download-begin":
        this.#firstByteAt ??= this.#now();
        this.#running.set(event.id, { name: event.name, total: event.bytes, received: 0 });
        if (this.#options.verbosity > 0) this.#line(`downloading ${event.name}${sizeOf(event.bytes)}`);
        break;
      case "download-progress": {
        const download = this.#running.get(event.id);
        if (download) download.received = event.bytes;
        break;
      }
      case "download-end":
        this.#finish(event.id);
        break;
      default:
        event satisfies never;
    }
    this.#draw();
  }

  #finish(id: number): void {
    const download = this.#running.get(id);
    if (!download) return;
    this.#running.delete(id);
    this.#finished++;
    this.#finishedBytes += Math.max(download.received, download.total ?? 0);
  }

  #warn(text: string, hint: string | undefined): void {
    if (this.#warned.has(text)) return;
    this.#warned.add(text);
    this.stop();
    const { stderr, style } = this.#options;
    stderr.write(`${style.warning("warning:")} ${escapeControl(text)}\n`);
    if (hint !== undefined) stderr.write(`${style.hint("hint:")} ${escapeControl(hint)}\n`);
  }

  #line(text: string): void {
    this.stop();
    this.#options.stderr.write(`pex: ${escapeControl(text)}\n`);
  }

  #draw(): void {
    if (!this.#isLive || this.#now() - this.#drawnAt < REDRAW_INTERVAL) return;
    this.#drawnAt = this.#now();
    const { stderr, style } = this.#options;
    const width = (stderr.columns ?? DEFAULT_COLUMNS) - 1;
    stderr.write(`${CLEAR_LINE}${style.faint(this.#status().slice(0, width))}`);
    this.#isDrawn = true;
  }

  #status(): string {
    const count = this.#finished + this.#running.size;
    if (count === 0) return `Resolving: ${plural(this.#projects.size, "project")}`;
    const latest = [...this.#running.values()].at(-1);
    const name = latest ? `, ${escapeControl(latest.name)}` : "";
    return `Downloading: ${this.#finished} of ${plural(count, "file")}, ${this.#amount()}${name}`;
  }

  #amount(): string {
    const running = [...this.#running.values()];
    const received = running.reduce((sum, each) => sum + each.received, this.#finishedBytes);
    const expected = running.reduce((sum, each) => sum + Math.max(each.total ?? 0, each.received), this.#finishedBytes);
    const seconds = (this.#now() - (this.#firstByteAt ?? this.#began)) / 1000;
    const rate = seconds > 0.5 ? `, ${formatBytes(received / seconds)}/s` : "";
    return `${formatBytes(received)} of ${formatBytes(expected)}${rate}`;
  }
}

function isLiveTerminal({ stderr, env, quiet }: ProgressOptions): boolean {
  return stderr.isTTY === true && !quiet && !env["CI"] && env["TERM"] !== "dumb";
}

function sizeOf(bytes: number | undefined): string {
  return bytes === undefined ? "" : ` (${formatBytes(bytes)})`;
}

/** `--pip-log`: all that a build tells, as much of it as `-vvv` shows, in a file. */

import { writeFileAtomically } from "../base/fs.ts";
import type { Event, Listener } from "../base/log.ts";
import { escapeControl } from "../base/text.ts";

import { describeWriting } from "./progress.ts";

/** Collects lines until they are saved. */
export class BuildLog {
  /** Absolute. */
  readonly path: string;
  readonly #began: number = performance.now();
  readonly #lines: string[] = [];

  constructor(path: string) {
    this.path = path;
  }

  /** Takes an event; to be handed around as a function. */
  readonly listener: Listener = (event) => {
    const text = textOf(event);
    if (text === undefined) return;
    const milliseconds = (performance.now() - this.#began).toFixed(0).padStart(6);
    this.#lines.push(`${milliseconds} ms  ${escapeControl(text)}\n`);
  };

  /** @throws FileError */
  save(): void {
    writeFileAtomically(this.path, this.#lines.join(""));
  }
}

function textOf(event: Event): string | undefined {
  switch (event.kind) {
    case "step":
      return event.text;
    case "warning":
      return `warning: ${event.text}`;
    case "writing":
      return describeWriting(event);
    case "span":
      return `${event.name}: ${event.milliseconds.toFixed(0)} ms`;
    case "metadata":
      return `metadata of ${event.project}`;
    case "download-begin":
      return `download ${event.name}`;
    default:
      return undefined;
  }
}

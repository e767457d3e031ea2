/** What the layers tell about their work; who listens decides how it is shown. */

/** Something that happened; `kind` tells the fields. */
export type Event =
  | { readonly kind: "step"; readonly text: string; readonly level: 1 | 2 | 3 }
  /** The next of several files is made; `script` is what it runs, `undefined` makes it an interpreter. */
  | { readonly kind: "writing"; readonly script: string | undefined; readonly path: string }
  | { readonly kind: "warning"; readonly text: string; readonly hint?: string }
  | { readonly kind: "span"; readonly name: string; readonly milliseconds: number }
  | { readonly kind: "metadata"; readonly project: string }
  | { readonly kind: "download-begin"; readonly id: number; readonly name: string; readonly bytes: number | undefined }
  | { readonly kind: "download-progress"; readonly id: number; readonly bytes: number }
  | { readonly kind: "download-end"; readonly id: number };

/** Receives events, synchronously; must not throw. */
export type Listener = (event: Event) => void;

/** Hears nothing. */
export const silent: Listener = () => {};

/** Runs a task and reports how long it took. */
export async function timed<Value>(listener: Listener, name: string, task: () => Promise<Value>): Promise<Value> {
  const start = performance.now();
  try {
    return await task();
  } finally {
    listener({ kind: "span", name, milliseconds: performance.now() - start });
  }
}

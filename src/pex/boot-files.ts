/** The files of a PEX that a start reads first, in every layout: its head, `__main__.py`, `__pex__` and PEX-INFO. */

import type { PexImage } from "./image.ts";
import { renderMainModule, renderTemplate, startFacts, type BootFacts, type PexLayout } from "./main-module.ts";
import { formatPexInfo, type PexInfo } from "./pex-info.ts";
import type { RuntimeFiles } from "./runtime-files.ts";
import { polyglot, renderShellHead, shellKey } from "./shell-boot.ts";

export interface BootFiles {
  /** What stands before a zip archive; ends with a line break. */
  readonly head: string;
  /** `__main__.py` inside an archive. */
  readonly main: string;
  /** `__main__.pyc` inside an archive: Python prefers it if it is for that very Python, and compiles the other twice. */
  readonly compiledMain: Uint8Array | undefined;
  /** `__main__.py` as a program of its own, for a directory. */
  readonly program: string;
  /** `__pex__/__init__.py`. */
  readonly importable: string;
  /** PEX-INFO. */
  readonly info: string;
}

/** @param info The image's, or with more facts in it than its head can know. */
export function bootFiles(image: PexImage, layout: PexLayout, info: PexInfo = image.info): BootFiles {
  const { runtime, version, ephemeral, preamble, shell } = image;
  const facts = { layout, hasCode: image.sources.length > 0, codeKey: image.codeKey, version, ephemeral, preamble };
  if (shell === undefined) {
    const files = render(runtime, info, { ...facts, shellKey: "" });
    const head = `${image.shebang}\n`;
    return { ...files, head, program: head + files.main };
  }
  const headFor = (key: string): string =>
    renderShellHead(runtime.shell, { shell, info: image.info, layout, key, preamble });
  const key = shellKey(headFor(""), render(runtime, image.info, { ...facts, shellKey: "" }).main);
  const files = render(runtime, info, { ...facts, shellKey: key });
  const head = headFor(key);
  return { ...files, head, program: polyglot(head, files.main) };
}

function render(
  runtime: RuntimeFiles,
  info: PexInfo,
  facts: BootFacts,
): Pick<BootFiles, "main" | "compiledMain" | "importable" | "info"> {
  const compiled = facts.preamble === undefined ? runtime.compiled[0] : undefined;
  return {
    main: renderMainModule(runtime.main, info, facts),
    compiledMain: compiled?.main(startFacts(info, facts)),
    importable: renderTemplate(runtime.importable, info, facts),
    info: formatPexInfo(info),
  };
}

/** A small PEX with a stand-in for the runtime. */

import type { ArchiveFile } from "../../../src/archive/archive-file.ts";
import { sha256 } from "../../../src/base/digest.ts";
import { makeImage, type ImageParts, type ImageWheel, type PexImage } from "../../../src/pex/image.ts";
import type { RuntimeFiles } from "../../../src/pex/runtime-files.ts";
import { normalizeName } from "../../../src/standards/project-name.ts";

export const RUNTIME: RuntimeFiles = {
  main: "import sys\nFACTS = {}\nprint(FACTS['pex_hash'])\n",
  importable: "FACTS = {}\n",
  shell: "#!/bin/sh\n",
  bootstrap: [sourceFile("pexjs_runtime/__init__.py", ""), sourceFile("pexjs_runtime/start.py", "x = 1\n")],
  compiled: [],
};

export function sourceFile(path: string, text: string, mode: 0o644 | 0o755 = 0o644): ArchiveFile {
  return { path, mode, read: () => Buffer.from(text) };
}

export function imageWheel(filename: string, content = filename): ImageWheel {
  const [name = "", version = ""] = filename.split("-");
  const stored = { path: `/store/${filename}`, filename, sha256: sha256(content), size: content.length, crc32: 1 };
  return { stored, project: normalizeName(name), version, requiresPython: undefined, requires: [] };
}

export function sampleImage(parts: Partial<ImageParts> = {}): PexImage {
  return makeImage({
    requirements: [],
    wheels: [],
    sources: [],
    settings: {},
    runtime: RUNTIME,
    shebang: "#!/usr/bin/env python3.11",
    version: "1.2.3",
    ...parts,
  });
}

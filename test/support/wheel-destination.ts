/** A place for installed wheels that a test looks into. */
import { createHash } from "node:crypto";

import type { WheelDestination } from "../../src/wheel/wheel-destination.ts";
import type { WheelSource } from "../../src/wheel/wheel-source.ts";

/** @param write Gets every file, whether it is the wheel's or made while installing. */
export function destinationOf(
  source: WheelSource,
  write: (path: string, content: Uint8Array, mode: number) => void,
): WheelDestination {
  return {
    write,
    async copy(path, entry, mode) {
      const pieces: Uint8Array[] = [];
      for await (const piece of source.content(entry)) pieces.push(piece);
      const content = Buffer.concat(pieces);
      write(path, content, mode);
      return createHash("sha256").update(content).digest("base64url");
    },
  };
}

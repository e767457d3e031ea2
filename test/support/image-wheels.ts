/** Wheels of a store, as an image takes them. */
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";

import { fileStreams } from "../../src/archive/file-streams.ts";
import { cacheLayout } from "../../src/cache/layout.ts";
import { WheelStore } from "../../src/cache/wheel-store.ts";
import type { ImageWheel } from "../../src/pex/image.ts";
import { normalizeName } from "../../src/standards/project-name.ts";
import { writeWheel, type WheelSpec } from "./wheel-maker.ts";

/** Makes the wheels and puts them into a store; both lie in the folder. */
export async function imageWheels(folder: string, specs: readonly WheelSpec[]): Promise<ImageWheel[]> {
  const store = new WheelStore(cacheLayout(join(folder, "store")), fileStreams);
  const wheels: ImageWheel[] = [];
  for (const spec of specs) {
    const path = writeWheel(join(folder, "wheels"), spec);
    const stored = await store.add([readFileSync(path)], basename(path));
    const { name, version, requires = [] } = spec;
    wheels.push({ stored, project: normalizeName(name), version, requiresPython: undefined, requires });
  }
  return wheels;
}

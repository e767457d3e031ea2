/** The text of the scripts that entry points stand for. */

import type { EntryPoint } from "../standards/entry-points.ts";

/** The interpreter's place, for whoever installs the script to fill in ("Recommended installer features", PEP 427). */
const SHEBANG = "#!python\n";

/** A script that calls the object of an entry point, or runs its module when it names no object. */
export function entryPointScript({ module, attribute }: Pick<EntryPoint, "module" | "attribute">): string {
  const head = `${SHEBANG}# -*- coding: utf-8 -*-\n`;
  if (attribute === undefined) {
    return `${head}import runpy\n\nif __name__ == "__main__":\n    runpy.run_module("${module}", run_name="__main__", alter_sys=True)\n`;
  }
  const [name = ""] = attribute.split(".");
  return `${head}import sys\n\nfrom ${module} import ${name}\n\nif __name__ == "__main__":\n    sys.exit(${attribute}())\n`;
}

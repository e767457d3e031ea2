/**
 * The package index that is used when nobody names one: the same that pip has built in.
 *
 * No address stands in this repository. It is read from pip's own constant, never from its configuration, so that a build
 * behind a mirror gives the same package; `$PEXJS_DEFAULT_INDEX` wins.
 */
import { spawnSync } from "node:child_process";

/** Pythons that may have a pip, the likeliest first. */
const PYTHONS = ["python3", "python", "py", ...[14, 13, 12, 11, 10, 9].map((minor) => `python3.${minor}`)];

/** Asks the installed pip, else the one that `ensurepip` would install. */
const QUESTION = `
import glob, os, sys
try:
    import pip
except ImportError:
    import ensurepip
    bundled = os.path.join(os.path.dirname(ensurepip.__file__), "_bundled", "pip-*.whl")
    shared = "/usr/share/python-wheels/pip-*.whl"
    sys.path[:0] = glob.glob(bundled) + glob.glob(shared)
from pip._internal.models.index import PyPI
print(PyPI.simple_url)
`;

export function defaultIndex() {
  const chosen = process.env.PEXJS_DEFAULT_INDEX;
  if (chosen) return withSlash(chosen);
  for (const python of PYTHONS) {
    const { status, stdout } = spawnSync(python, ["-c", QUESTION], { encoding: "utf8", timeout: 60_000 });
    const answer = stdout?.trim() ?? "";
    if (status === 0 && URL.canParse(answer)) return withSlash(answer);
  }
  throw new Error(
    "The default package index is unknown: no Python with pip was found to ask. " +
      "Install one, or set PEXJS_DEFAULT_INDEX to the address of a simple index",
  );
}

function withSlash(url) {
  return url.endsWith("/") ? url : `${url}/`;
}

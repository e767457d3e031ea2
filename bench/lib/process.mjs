/** Commands of the set-up, which are not measured. */
import { spawnSync } from "node:child_process";

/** Runs a command to its end and gives what it prints; shows its complaints and stops when it fails. */
export function runOrStop(command, args, options = {}) {
  const run = spawnSync(command, args, { encoding: "utf8", maxBuffer: 2 ** 28, ...options });
  if (run.status === 0) return run.stdout;
  throw new Error(`${command} ${args.join(" ")}\nfailed: ${run.error?.message ?? run.stderr}`);
}

/** The caller's environment without what steers Pythons. */
export function setupEnvironment() {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(PYTHON|PYENV_|VIRTUAL_ENV|PEX)/.test(name)),
  );
}

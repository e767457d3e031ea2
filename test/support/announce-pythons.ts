/** Says which Pythons the tests that follow run on, and which versions of interest this machine lacks. */
import { pythonVersions, specialBuilds } from "./python-versions.ts";

const WANTED = ["2.7", "3.6", "3.7", "3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14", "3.15", "3.14t", "3.14d"];

export function setup(): void {
  const found = [...pythonVersions(), ...specialBuilds()];
  const lines = found.map(({ name, path }) => `  ${name.padEnd(8)} ${path}`);
  const missing = WANTED.filter((name) => !found.some((each) => each.name === name));
  if (!found.some(({ isPyPy }) => isPyPy)) missing.push("PyPy 3");
  if (missing.length > 0) lines.push(`  not here: ${missing.join(", ")}`);
  console.log(["Pythons of the tests:", ...lines].join("\n"));
}

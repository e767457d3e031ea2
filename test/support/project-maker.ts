/** Local projects that build without a network: their backend of a few lines lies beside them. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

export interface ProjectSpec {
  readonly name: string;
  readonly version: string;
  /** Name of each console script → `module:function`. */
  readonly scripts?: Readonly<Record<string, string>>;
  readonly requires?: readonly string[];
  /** Path → text of what goes into the wheel. */
  readonly files: Readonly<Record<string, string>>;
  /** More files of the project. */
  readonly beside?: Readonly<Record<string, string>>;
}

const PYPROJECT = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n';

const BACKEND = `
import json, os, zipfile

def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    with open("contents.json") as stream:
        stem, contents = json.load(stream)
    filename = stem + "-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(wheel_directory, filename), "w") as wheel:
        for path in sorted(contents):
            wheel.writestr(path, contents[path])
    return filename
`;

/** Writes a project into a folder and gives the folder. */
export function writeProject(folder: string, spec: ProjectSpec): string {
  const stem = `${spec.name.replaceAll(/[-.]+/g, "_")}-${spec.version}`;
  const requires = (spec.requires ?? []).map((each) => `Requires-Dist: ${each}\n`).join("");
  const scripts = Object.entries(spec.scripts ?? {}).map(([name, target]) => `${name} = ${target}\n`);
  const contents = {
    ...spec.files,
    [`${stem}.dist-info/METADATA`]: `Metadata-Version: 2.1\nName: ${spec.name}\nVersion: ${spec.version}\n${requires}`,
    [`${stem}.dist-info/WHEEL`]: "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    [`${stem}.dist-info/entry_points.txt`]: `[console_scripts]\n${scripts.join("")}`,
    [`${stem}.dist-info/RECORD`]: "",
  };
  const files = {
    "pyproject.toml": PYPROJECT,
    "backend.py": BACKEND,
    "contents.json": JSON.stringify([stem, contents]),
    ...spec.beside,
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** What a build records about itself in the PEX: properties the user gives, and the state of the git work tree. */

import { resolve } from "node:path";

import { messageOf, PexError, UsageError } from "../base/errors.ts";
import { readTextIfExists } from "../base/fs.ts";
import { run, SubprocessError } from "../base/subprocess.ts";
import { isJsonObject, type Json, type JsonObject } from "../pex/canonical-json.ts";
import type { BuildRequest } from "./build-request.ts";
import type { AppContext } from "./context.ts";

/** The value of `--build-properties` is no JSON object. */
export class InvalidBuildProperties extends PexError {
  readonly code = "INVALID_BUILD_PROPERTIES";
}

/** All properties; single ones win over the object. @throws InvalidBuildProperties, UsageError, FileError, Cancelled */
export async function buildProperties(request: BuildRequest, context: AppContext): Promise<JsonObject> {
  const { buildProperties: all, buildProperty = [], recordGitState = false } = request;
  return {
    ...(all !== undefined && readObject(all, context.host.cwd)),
    ...Object.fromEntries(buildProperty.map(readProperty)),
    ...(recordGitState && { git_state: await gitState(context) }),
  };
}

/** JSON, or the path of a file of it. */
function readObject(text: string, cwd: string): JsonObject {
  const isInline = text.trimStart().startsWith("{");
  const json = isInline ? text : readTextIfExists(resolve(cwd, text));
  const shown = isInline ? "--build-properties" : `--build-properties ${text}`;
  if (json === undefined) {
    throw new InvalidBuildProperties(`Neither a JSON object nor a file: ${shown}`, {
      hint: `give an object such as \`{"owner": "me"}\`, or the path of a file that holds one`,
    });
  }
  const value = parseJson(json, shown);
  if (isJsonObject(value)) return value;
  throw new InvalidBuildProperties(`Not a JSON object: ${shown}`, {
    hint: 'put the value under a name, as in `{"name": …}`',
  });
}

function parseJson(json: string, shown: string): Json {
  try {
    return JSON.parse(json) as Json;
  } catch (error) {
    throw new InvalidBuildProperties(`Not JSON: ${shown}`, { cause: error, hint: "check its quotes and commas" });
  }
}

/** `name=value`; what is no JSON is a text. */
function readProperty(text: string): [string, Json] {
  const equals = text.indexOf("=");
  if (equals < 1) {
    throw new UsageError(`Option --build-property needs a name and a value: ${text}`, {
      hint: "write it as `--build-property NAME=VALUE`",
    });
  }
  const value = text.slice(equals + 1);
  try {
    return [text.slice(0, equals), JSON.parse(value) as Json];
  } catch {
    return [text.slice(0, equals), value];
  }
}

/** What git says of the current directory; a detached or untagged commit has an empty branch or tag. */
async function gitState({ host, onEvent, signal }: AppContext): Promise<JsonObject> {
  const ask = async (...args: readonly string[]): Promise<string | undefined> => {
    const { status, stdout } = await run("git", args, { cwd: host.cwd, env: host.env, signal });
    return status === 0 ? stdout.trim() : undefined;
  };
  try {
    const [description, commit, branch, tag] = await Promise.all([
      ask("describe", "--always", "--long"),
      ask("rev-parse", "--verify", "HEAD"),
      ask("branch", "--show-current"),
      ask("describe", "--exact-match"),
    ]);
    if (commit === undefined || description === undefined) {
      onEvent({ kind: "warning", text: `There is no git commit to record in ${host.cwd}` });
      return { branch: branch ?? "", tag: "" };
    }
    return { branch: branch ?? "", commit, description, tag: tag ?? "" };
  } catch (error) {
    if (!(error instanceof SubprocessError)) throw error;
    onEvent({ kind: "warning", text: `The state of git cannot be recorded: ${messageOf(error)}` });
    return { branch: "", tag: "" };
  }
}

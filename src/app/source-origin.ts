/** Gets at a source that was named directly, as far as is needed to know whether it was built before. */

import { basename, join } from "node:path";

import { assertNever, PexError } from "../base/errors.ts";
import { sha256 } from "../base/digest.ts";
import { isDirectory, makeTemporaryDirectory } from "../base/fs.ts";
import type { StoredWheel } from "../cache/wheel-store.ts";
import { fileUrl } from "../index/location.ts";
import type { ProjectIndex } from "../index/project-index.ts";
import type { DirectSource, SourcePlace } from "../inputs/direct-source.ts";
import { NotCached } from "../net/errors.ts";
import { checkOut, findCommit } from "../sources/git.ts";
import { checkOutOther, findOtherRevision } from "../sources/other-repositories.ts";
import { readProjectTree } from "../sources/project-tree.ts";
import { unpackSdist } from "../sources/unpack.ts";
import type { ProjectFile } from "../standards/simple-index.ts";
import type { BuildRequest } from "./build-request.ts";
import type { AppContext } from "./context.ts";

/** A source that can be built. */
export interface SourceOrigin {
  /** Equal keys build to equal wheels; `undefined` when that is not known before the sources are here. */
  readonly key: string | undefined;
  /** Whether they do so in later runs too. */
  readonly isLasting: boolean;
  /** Whether it is built where the user has it. */
  readonly isInPlace: boolean;
  /** The archive, where the source is one. */
  readonly archive: StoredWheel | undefined;
  /** Gives the directory of the project; whatever is put into the workspace is removed by the caller. */
  unpack(workspace: string): Promise<string>;
}

/** Of sources that nobody changes and that are unpacked for the build. */
const ELSEWHERE = { isLasting: true, isInPlace: false };

export interface OriginTools {
  readonly request: Pick<BuildRequest, "offline">;
  readonly index: ProjectIndex;
  readonly context: AppContext;
}

/** A part of a source was named that is not there. */
export class NoSuchSubdirectory extends PexError {
  readonly code = "NO_SUCH_SUBDIRECTORY";
}

/** Where a source comes from. @throws what reading, downloading or asking git throws */
export async function originOf(source: DirectSource, tools: OriginTools): Promise<SourceOrigin> {
  const { place } = source;
  switch (place.kind) {
    case "directory":
      return directoryOrigin(place.path, source, tools);
    case "archive":
      return archiveOrigin(fileAt(fileUrl(place.path), basename(place.path), place.hashes), source, tools);
    case "url":
      return archiveOrigin(fileAt(place.url, place.filename, place.hashes), source, tools);
    case "repository":
      if (tools.request.offline && !place.repository.startsWith("file:")) throw new NotCached([source.shown]);
      return repositoryOrigin(place, source, tools);
    default:
      return assertNever(place);
  }
}

function directoryOrigin(path: string, source: DirectSource, { context }: OriginTools): SourceOrigin {
  const tree = readProjectTree(path);
  const { kind, reason } = tree.reach;
  const isLasting = kind === "files";
  if (!isLasting) {
    const text = `${source.shown} may depend on more than its files, so it is built each time: ${reason ?? ""}`;
    context.onEvent({ kind: "step", level: 2, text });
  }
  return {
    key: sha256(isLasting ? `directory\0${tree.digest}` : `place\0${tree.directory}`),
    isLasting,
    isInPlace: kind === "place",
    archive: undefined,
    unpack: async (workspace) => tree.prepare(makeTemporaryDirectory(workspace, "source-")),
  };
}

/** A file that no index tells about. */
export function fileAt(url: string, filename: string, hashes: ProjectFile["hashes"]): ProjectFile {
  const unknown = { requiresPython: undefined, yanked: undefined, size: undefined };
  return { filename, url, hashes, ...unknown, metadata: undefined, uploadTime: undefined };
}

async function archiveOrigin(file: ProjectFile, source: DirectSource, tools: OriginTools): Promise<SourceOrigin> {
  const archive = await tools.index.download(file);
  const subdirectory = "subdirectory" in source.place ? source.place.subdirectory : undefined;
  return {
    key: subdirectory === undefined ? archive.sha256 : sha256(`archive\0${archive.sha256}\0${subdirectory}`),
    ...ELSEWHERE,
    archive,
    unpack: async (workspace) => {
      const project = await unpackSdist(archive.path, makeTemporaryDirectory(workspace, "source-"));
      return within(project, subdirectory, source);
    },
  };
}

async function repositoryOrigin(
  place: Extract<SourcePlace, { kind: "repository" }>,
  source: DirectSource,
  { context }: OriginTools,
): Promise<SourceOrigin> {
  const { system, repository, subdirectory = "" } = place;
  const wanted = { ...place, shown: source.shown };
  const options = { env: context.host.env, signal: context.signal };
  const found = system === "git" ? await findCommit(wanted, options) : await findOtherRevision(system, wanted, options);
  return {
    // The version may come from tags, which the commit does not tell, so the wish itself counts too.
    key: found && sha256([system, repository, place.revision ?? "", found, subdirectory].join("\0")),
    ...ELSEWHERE,
    archive: undefined,
    unpack: async (workspace) => {
      const directory = join(makeTemporaryDirectory(workspace, "source-"), "repository");
      if (system === "git") await checkOut({ ...wanted, revision: found ?? place.revision }, directory, options);
      else await checkOutOther(system, wanted, { ...options, directory });
      return within(directory, place.subdirectory, source);
    },
  };
}

function within(project: string, subdirectory: string | undefined, source: DirectSource): string {
  const directory = subdirectory === undefined ? project : join(project, subdirectory);
  if (isDirectory(directory)) return directory;
  throw new NoSuchSubdirectory(`There is no directory \`${subdirectory ?? ""}\` in ${source.shown}`, {
    hint: "check `#subdirectory=…`, and whether the directory was there at this revision",
  });
}

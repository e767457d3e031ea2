/** Places that list the files of all projects: directories, single files and pages of links (pip's `--find-links`). */

import { basename, join } from "node:path";

import { isDirectory, isFile, listDirectory, readBytes } from "../base/fs.ts";
import { OnceMap } from "../base/once-map.ts";
import type { SafeUrl } from "../base/safe-url.ts";
import type { HttpClient, HttpResponse } from "../net/http-client.ts";
import type { ProjectName } from "../standards/project-name.ts";
import { parseIndexHtml, parseIndexJson, type ProjectFile, type ProjectReleases } from "../standards/simple-index.ts";

import { fileUrl, type Location } from "./location.ts";
import { isJsonType } from "./page-content.ts";
import { groupByVersion, possibleProjects } from "./release-files.ts";

/** Files by the projects that they may belong to. */
type Shelf = ReadonlyMap<ProjectName, readonly ProjectFile[]>;

const EMPTY: Shelf = new Map();
const LARGEST_PAGE = 256 * 1024 * 1024;

/** Looks projects up in one place, which is read once and remembered only for this process. */
export class FindLinks {
  readonly #location: Location;
  readonly #client: HttpClient;
  readonly #shelves = new OnceMap<"", Shelf>();

  constructor(location: Location, client: HttpClient) {
    this.#location = location;
    this.#client = client;
  }

  /** What the place has of a project, or `undefined` when it has nothing. @throws what reading the place throws */
  async releases(project: ProjectName): Promise<ProjectReleases | undefined> {
    const { kind } = this.#location;
    const shelf =
      kind === "index-directory"
        ? shelve(await readProjectDirectory(join(this.#location.path, project)))
        : await this.#shelves.get("", () => readShelf(this.#location, this.#client));
    const releases = groupByVersion(project, shelf.get(project) ?? []);
    if (releases.length === 0) return undefined;
    return {
      project,
      versions: releases.map(({ version }) => version),
      files: (index) => releases[index]?.files ?? [],
    };
  }

  /** Nothing is kept. */
  recall(): undefined {
    return undefined;
  }
}

async function readShelf(location: Location, client: HttpClient): Promise<Shelf> {
  switch (location.kind) {
    case "directory":
      return shelve(filesIn(location.path));
    case "file":
      return shelve(isPage(location.path) ? await readLocalPage(location.path) : [localFile(location.path)]);
    case "page":
      return shelve(await fetchLinks(location.url, client));
    default:
      return EMPTY;
  }
}

function shelve(files: readonly ProjectFile[]): Shelf {
  const shelf = new Map<ProjectName, ProjectFile[]>();
  for (const file of files) {
    for (const project of possibleProjects(file.filename)) {
      const known = shelf.get(project);
      if (known) known.push(file);
      else shelf.set(project, [file]);
    }
  }
  return shelf;
}

/** The files of an index on disk: those on its page, or those in the directory if there is no page. */
async function readProjectDirectory(path: string): Promise<ProjectFile[]> {
  if (!isDirectory(path)) return [];
  const page = join(path, "index.html");
  return isFile(page) ? readLocalPage(page) : filesIn(path);
}

function filesIn(directory: string): ProjectFile[] {
  return listDirectory(directory).map((name) => localFile(join(directory, name)));
}

async function readLocalPage(path: string): Promise<ProjectFile[]> {
  return parseIndexHtml(readBytes(path).toString("utf8"), fileUrl(path));
}

async function fetchLinks(url: SafeUrl, client: HttpClient): Promise<ProjectFile[]> {
  client.addIndex(url);
  const { pathname } = url;
  const name = decodeURIComponentSafely(pathname.slice(pathname.lastIndexOf("/") + 1));
  if (isArchive(name)) {
    const hash = /(?:^|&)(sha256|sha384|sha512)=([0-9a-fA-F]+)/.exec(url.fragment);
    const hashes = hash?.[1] && hash[2] ? { [hash[1]]: hash[2].toLowerCase() } : {};
    return [{ ...unknownFile, filename: name, url: url.identity, hashes }];
  }
  const accept = "text/html, application/vnd.pypi.simple.v1+json;q=0.5, */*;q=0.1";
  return parsePage(await client.get(url, { headers: { accept }, compressed: true, limit: LARGEST_PAGE }));
}

function parsePage({ headers, body, url }: HttpResponse): Promise<ProjectFile[]> | ProjectFile[] {
  const text = body.toString("utf8");
  const isJson = isJsonType(headers["content-type"]);
  return isJson ? parseIndexJson(text, url.identity) : parseIndexHtml(text, url.identity);
}

const unknownFile = {
  requiresPython: undefined,
  yanked: undefined,
  size: undefined,
  metadata: undefined,
  uploadTime: undefined,
} as const;

function localFile(path: string): ProjectFile {
  return { ...unknownFile, filename: basename(path), url: fileUrl(path), hashes: {} };
}

function isPage(path: string): boolean {
  return /\.html?$/i.test(path);
}

function isArchive(name: string): boolean {
  return /\.(?:whl|zip|tar|tgz|tbz|txz|tar\.(?:gz|bz2|xz|zst))$/.test(name);
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

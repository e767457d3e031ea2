/** All configured places together: releases, metadata and files of projects. */

import { asSha256 } from "../base/digest.ts";
import { Semaphore } from "../base/concurrency.ts";
import { Cancelled, PexError } from "../base/errors.ts";
import { readBytes } from "../base/fs.ts";
import type { Host } from "../base/host.ts";
import type { Listener } from "../base/log.ts";
import { OnceMap } from "../base/once-map.ts";
import { HashCheck } from "../cache/expected-hashes.ts";
import type { CacheLayout } from "../cache/layout.ts";
import type { StoredWheel, WheelStore } from "../cache/wheel-store.ts";
import { NotCached } from "../net/errors.ts";
import type { HttpClient } from "../net/http-client.ts";
import { InvalidMetadata, parseCoreMetadata } from "../standards/core-metadata.ts";
import type { MarkerEnvironment } from "../standards/marker-environment.ts";
import { normalizeName, type ProjectName } from "../standards/project-name.ts";
import type { ProjectFile, ProjectReleases } from "../standards/simple-index.ts";
import { compareVersions, formatVersion, tryParseVersion } from "../standards/version.ts";
import { tryParseWheelFilename } from "../standards/wheel-filename.ts";

import { FindLinks } from "./find-links.ts";
import { HeldWheels, type HeldWheel } from "./held-wheels.ts";
import { parseFindLinks, parseIndex, pathOfUrl, type Location } from "./location.ts";
import { mergeReleases } from "./merge-releases.ts";
import { MetadataCache, type DependencyFacts } from "./metadata-cache.ts";
import { PageCache } from "./page-cache.ts";
import { isInScope, type PlaceScope } from "./place-scope.ts";
import { possibleProjects } from "./release-files.ts";
import { readRemoteMetadata, readWheelMetadata, urlOf } from "./remote-metadata.ts";
import { SimpleClient } from "./simple-client.ts";

export interface ProjectIndexOptions {
  /** URLs or paths of indexes; of files with the same name, the first place's counts. */
  readonly indexes: readonly string[];
  /** Directories, files or URLs of pages; they come before the indexes. */
  readonly findLinks: readonly string[];
  /** For some of these places, the only projects that they serve; those are looked up in no place without a scope. */
  readonly scopes?: ReadonlyMap<string, readonly PlaceScope[]> | undefined;
  /** Wheels that are here already: their projects are looked up nowhere else. */
  readonly held?: readonly HeldWheel[] | undefined;
  readonly client: HttpClient;
  readonly store: WheelStore;
  /** Where pages and metadata are kept; without it nothing is. */
  readonly layout: Pick<CacheLayout, "pages" | "metadata"> | undefined;
  readonly host: Pick<Host, "cwd" | "home">;
  readonly listener: Listener;
  /** Whether what is cached of a project is looked at anew; of none by default. */
  readonly isRefreshed?: ((project: ProjectName) => boolean) | undefined;
  /** Downloads at the same time. */
  readonly jobs: number;
  readonly signal?: AbortSignal | undefined;
}

/** The metadata in a file is not that of the project whose name the file bears. */
export class InconsistentMetadata extends PexError {
  readonly code = "INCONSISTENT_METADATA";
}

/** A place that can be asked for a project. */
interface Place {
  /** Without credentials. */
  readonly shown: string;
  /** Empty for a place that serves whatever belongs to none with a scope. */
  readonly scopes: readonly PlaceScope[];
  readonly source: {
    releases(project: ProjectName): Promise<ProjectReleases | undefined>;
    recall(project: ProjectName): ProjectReleases | undefined;
  };
}

/** Answers everything that building asks about packages; what was answered once is remembered. */
export class ProjectIndex {
  readonly #options: ProjectIndexOptions;
  readonly #held: HeldWheels;
  readonly #places: readonly Place[];
  readonly #pages: PageCache | undefined;
  readonly #metadataCache: MetadataCache | undefined;
  readonly #downloading: Semaphore;
  readonly #isScoped: boolean;
  /** By project and the places that were asked. */
  readonly #releases = new OnceMap<string, ProjectReleases | undefined>();
  /** Those that have come: the next target need not wait for a tick. */
  readonly #settled = new Map<string, { readonly releases: ProjectReleases | undefined }>();
  /** By URL. */
  readonly #known = new Map<string, DependencyFacts>();
  readonly #metadata = new OnceMap<string, DependencyFacts>();
  readonly #wheels = new OnceMap<string, StoredWheel>();
  readonly #isRefreshed: (project: ProjectName) => boolean;
  #downloads = 0;

  /** Connects to the indexes at once, ahead of the first question. @throws InvalidLocation */
  constructor(options: ProjectIndexOptions) {
    this.#options = options;
    this.#isRefreshed = options.isRefreshed ?? (() => false);
    this.#held = new HeldWheels(options.held ?? []);
    const { layout, client, host } = options;
    const cache = (this.#pages = layout && new PageCache(layout.pages));
    const scopesOf = (text: string): readonly PlaceScope[] => options.scopes?.get(text) ?? [];
    const links = options.findLinks.map((text) => ({ ...parseFindLinks(text, host), scopes: scopesOf(text) }));
    const indexes = options.indexes.map((text) => ({ ...parseIndex(text, host), scopes: scopesOf(text) }));
    for (const location of [...links, ...indexes]) this.#prepare(location);
    this.#places = [...localFirst(links), ...indexes].map((location) => ({
      shown: "url" in location ? location.url.toString() : location.path,
      scopes: location.scopes,
      source:
        location.kind === "index"
          ? new SimpleClient({ url: location.url, client, cache, isRefreshed: this.#isRefreshed })
          : new FindLinks(location, client),
    }));
    this.#isScoped = this.#places.some(({ scopes }) => scopes.length > 0);
    this.#metadataCache = layout && new MetadataCache(layout.metadata);
    this.#downloading = new Semaphore(Math.max(1, options.jobs));
  }

  /**
   * All releases of a project, merged over all places that serve it as pip does it; `undefined` when every one says
   * that it does not know the project. Offline, a place whose page is not cached is left out if another one knows the
   * project.
   *
   * @param environment The machine that it is for.
   * @throws NotCached, NetworkDown, IndexUnreachable, IndexAuthError, TlsError, InvalidIndexPage … when a place cannot be asked
   */
  releases(
    project: ProjectName,
    environment: MarkerEnvironment,
  ): ProjectReleases | undefined | Promise<ProjectReleases | undefined> {
    const places = this.#placesFor(project, environment);
    const key = this.#isScoped ? [project, ...places.map((place) => this.#places.indexOf(place))].join(" ") : project;
    const settled = this.#settled.get(key);
    if (settled !== undefined) return settled.releases;
    return this.#releases.get(key, async () => {
      const releases = this.#held.releases(project) ?? (await this.#ask(project, places));
      this.#settled.set(key, { releases });
      return releases;
    });
  }

  /**
   * What places had of a project when they were last asked, if that is still here: for guesses at what `releases` will
   * say. The same object that it gives if only one place serves the project, and nothing has changed there.
   */
  recall(project: ProjectName, environment: MarkerEnvironment): ProjectReleases | undefined {
    const held = this.#held.releases(project);
    if (held !== undefined) return held;
    const places = this.#placesFor(project, environment);
    const [first, ...others] = places
      .map(({ source }) => source.recall(project))
      .filter((found) => found !== undefined);
    return first && mergeReleases([first, ...others]);
  }

  async #ask(project: ProjectName, places: readonly Place[]): Promise<ProjectReleases | undefined> {
    const missing: NotCached[] = [];
    const ask = async ({ source }: Place): Promise<ProjectReleases | undefined> => {
      try {
        return await source.releases(project);
      } catch (error) {
        if (!(error instanceof NotCached)) throw error;
        missing.push(error);
        return undefined;
      }
    };
    const answers = await Promise.all(places.map(ask));
    const [first, ...others] = answers.filter((answer) => answer !== undefined);
    if (first !== undefined) return mergeReleases([first, ...others]);
    if (missing[0] !== undefined) throw missing[0];
    return undefined;
  }

  /** How messages call the places where a project is looked up. */
  placesOf(project: ProjectName, environment: MarkerEnvironment): string[] {
    return this.#placesFor(project, environment).map(({ shown }) => shown);
  }

  /** Whether wheels of a project are held, so that nobody else is asked. */
  holds(project: ProjectName): boolean {
    return this.#held.releases(project) !== undefined;
  }

  /** Whether a file can be had without asking anyone. */
  isHere(file: ProjectFile): boolean {
    return (
      this.#held.holderOf(file) !== undefined || pathOfUrl(file.url) !== undefined || this.#stored(file) !== undefined
    );
  }

  /** What is known of a wheel's dependencies without asking anyone. */
  knownMetadata(file: ProjectFile): DependencyFacts | undefined {
    const known = this.#known.get(file.url);
    if (known !== undefined || this.#isStale(file)) return known;
    const facts = this.#metadataCache?.read(file);
    if (facts !== undefined) this.#known.set(file.url, facts);
    return facts;
  }

  /** The dependencies that a wheel states. @throws what fetching throws; InvalidMetadata, InconsistentMetadata */
  metadata(file: ProjectFile): Promise<DependencyFacts> {
    return this.#metadata.get(file.url, async () => {
      const known = this.knownMetadata(file);
      if (known) return known;
      const facts = parseCoreMetadata(await this.#metadataText(file));
      checkIdentity(facts, file);
      this.#metadataCache?.write(file, facts);
      this.#known.set(file.url, facts);
      return facts;
    });
  }

  /**
   * The file on this machine, verified against all digests that are known of it.
   *
   * @throws HashMismatch, SizeMismatch, what fetching throws; nothing half-written stays
   */
  download(file: ProjectFile): Promise<StoredWheel> {
    return this.#wheels.get(file.url, async () => {
      const holder = this.#held.holderOf(file);
      if (holder) return holder.extract();
      const path = pathOfUrl(file.url);
      if (path !== undefined) return this.#adopt(path, file);
      return (await this.#sound(file)) ?? this.#downloading.run(() => this.#download(file));
    });
  }

  /** Releases that were given out are not asked for files any more. */
  close(): void {
    this.#pages?.close();
    this.#metadataCache?.close();
  }

  /** A project that belongs to a scope must not be had from elsewhere, whatever is offered there under its name. */
  #placesFor(project: ProjectName, environment: MarkerEnvironment): readonly Place[] {
    if (!this.#isScoped) return this.#places;
    const own = this.#places.filter(({ scopes }) => scopes.some((scope) => isInScope(scope, project, environment)));
    return own.length > 0 ? own : this.#places.filter(({ scopes }) => scopes.length === 0);
  }

  #prepare(location: Location): void {
    const { client, listener } = this.#options;
    if (location.kind === "index" || location.kind === "page") client.preconnect(location.url);
    if (location.kind === "missing") {
      listener({ kind: "warning", text: `Ignored a place for packages that does not exist: ${location.path}` });
    }
  }

  async #metadataText(file: ProjectFile): Promise<string> {
    const { client, store, listener, signal } = this.#options;
    if (this.#held.holderOf(file)) return readWheelMetadata(await this.download(file));
    const path = pathOfUrl(file.url);
    if (path !== undefined) return readWheelMetadata({ path, filename: file.filename });
    const stored = await this.#sound(file);
    if (stored) return readWheelMetadata(stored);
    listener({ kind: "metadata", project: file.filename });
    return readRemoteMetadata(file, { client, store, signal });
  }

  #stored(file: ProjectFile): StoredWheel | undefined {
    const digest = asSha256(file.hashes["sha256"] ?? "");
    return digest && this.#options.store.find(digest, file.filename);
  }

  /** The stored file; what is refreshed is held against its digest, and dropped if it is damaged. */
  async #sound(file: ProjectFile): Promise<StoredWheel | undefined> {
    const stored = this.#stored(file);
    if (stored === undefined || !this.#isStale(file)) return stored;
    return (await this.#options.store.isSound(stored, this.#options.signal)) ? stored : undefined;
  }

  #isStale({ filename }: ProjectFile): boolean {
    return possibleProjects(filename).some(this.#isRefreshed);
  }

  async #adopt(path: string, file: ProjectFile): Promise<StoredWheel> {
    const wheel = await this.#options.store.adopt(path, this.#options.signal);
    const check = new HashCheck(file.hashes);
    if (check.isBeyondSha256) check.update(readBytes(path));
    check.finish(path, wheel.sha256, "correct the hash in the URL, or make the page anew that lists the file");
    return { ...wheel, filename: file.filename };
  }

  async #download(file: ProjectFile): Promise<StoredWheel> {
    const { client, store, listener, signal } = this.#options;
    if (signal?.aborted) throw new Cancelled("Cancelled");
    const id = ++this.#downloads;
    const stream = await client.stream(urlOf(file), { signal });
    const bytes = file.size ?? stream.size;
    listener({ kind: "download-begin", id, name: file.filename, bytes });
    try {
      const pieces = reported(stream.pieces, (count) => listener({ kind: "download-progress", id, bytes: count }));
      return await store.add(pieces, file.filename, { hashes: file.hashes, size: bytes, signal });
    } finally {
      listener({ kind: "download-end", id });
    }
  }
}

/** Directories and files before pages, as pip ranks them. */
function localFirst<Each extends Pick<Location, "kind">>(locations: readonly Each[]): Each[] {
  const isRemote = ({ kind }: Each) => kind === "page";
  return [...locations.filter((location) => !isRemote(location)), ...locations.filter(isRemote)];
}

/** What says that it is another version is passed over, as in pip; another project inside is no mistake to live with. */
function checkIdentity({ name, version }: DependencyFacts, { filename }: ProjectFile): void {
  const expected = normalizeName(filename.slice(0, filename.indexOf("-")));
  if (normalizeName(name) !== expected) {
    throw new InconsistentMetadata(`The metadata in ${filename} is that of another project: \`${name}\``, {
      hint: "choose another version, and tell the project's maintainers",
    });
  }
  const promised = tryParseWheelFilename(filename)?.version;
  const stated = tryParseVersion(version);
  if (promised !== undefined && stated !== undefined && compareVersions(promised, stated) !== 0) {
    throw new InvalidMetadata(`The metadata in ${filename} is that of version ${formatVersion(stated)}`);
  }
}

/** Passes pieces on and tells how many bytes have come so far. */
async function* reported(pieces: AsyncIterable<Buffer>, report: (bytes: number) => void): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const piece of pieces) {
    bytes += piece.length;
    report(bytes);
    yield piece;
  }
}

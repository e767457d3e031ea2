/**
 * The composition root: where caches, the network client and the package index of one build are made and tied together.
 *
 * ```text
 * NetworkSettings ─► HttpClient ─┐
 * CacheLayout ─► WheelStore ─────┼─► ProjectIndex ─► PackageSource (what the resolver sees)
 * Places (command line, files, pip)┘
 * ```
 */

import { setMaxListeners } from "node:events";
import { resolve } from "node:path";

import { fileStreams } from "../archive/file-streams.ts";
import { PexError } from "../base/errors.ts";
import { factsOf, makeTemporaryDirectory, remove } from "../base/fs.ts";
import { expandUser, pexRoot, type Host } from "../base/host.ts";
import { VERSION } from "../base/product.ts";
import type { SafeUrl } from "../base/safe-url.ts";
import { quoteForShell } from "../base/text.ts";
import { cacheLayout, type CacheLayout } from "../cache/layout.ts";
import { WheelStore } from "../cache/wheel-store.ts";
import type { HeldWheel } from "../index/held-wheels.ts";
import { ProjectIndex } from "../index/project-index.ts";
import { HttpClient } from "../net/http-client.ts";
import { readPipConfig, type PipConfig } from "../net/pip-config.ts";
import { networkSettings } from "../net/settings.ts";
import type { BuildRequest } from "./build-request.ts";
import { cachePolicy, type CachePolicy } from "./cache-policy.ts";
import type { AppContext } from "./context.ts";
import type { Places } from "./places.ts";

/** There is no directory where one was given for temporary files. */
export class NoTemporaryDirectory extends PexError {
  readonly code = "NO_TEMPORARY_DIRECTORY";
}

/** Bytes that a requirements file at a URL may have. */
const DOCUMENT_LIMIT = 16 * 1024 * 1024;

/** Tools of one build; close it at the end. */
export class Workshop {
  readonly layout: CacheLayout;
  readonly store: WheelStore;
  readonly pip: PipConfig | undefined;
  readonly cachePolicy: CachePolicy;
  /** Keys of the sources that were built for this request. */
  readonly builtNow: Set<string> = new Set();
  readonly #request: BuildRequest;
  readonly #context: AppContext;
  /** Of a build without a lasting cache. */
  readonly #temporaryRoot: string | undefined;
  readonly #indexes: ProjectIndex[] = [];
  #client: HttpClient | undefined;

  /** @throws FileError, NetworkConfigError, NoTemporaryDirectory, UsageError, InvalidProjectName */
  constructor(request: BuildRequest, context: AppContext) {
    const { host } = context;
    this.#request = request;
    this.cachePolicy = cachePolicy(request);
    this.#context = context;
    // Every request of the network listens to it; there may be hundreds.
    setMaxListeners(0, context.signal);
    const temporary = temporaryDirectory(request, host);
    if (request.disableCache && request.pexRoot !== undefined) {
      context.onEvent({
        kind: "warning",
        text: `Ignored, because the cache is disabled: --pex-root ${request.pexRoot}`,
      });
    }
    this.#temporaryRoot = request.disableCache ? makeTemporaryDirectory(temporary, "pexjs-cache-") : undefined;
    this.layout = cacheLayout(this.#temporaryRoot ?? cacheRoot(request, host));
    this.store = new WheelStore(this.layout, fileStreams);
    this.pip = (request.usePipConfig ?? true) ? readPipConfig(host) : undefined;
  }

  /**
   * A package index over these places; it begins to connect at once.
   *
   * @param held Wheels whose projects are looked up nowhere else.
   * @throws InvalidLocation
   */
  openIndex(places: Places, jobs: number, held: readonly HeldWheel[] = []): ProjectIndex {
    const { host, onEvent, signal } = this.#context;
    const { layout, store } = this;
    const index = new ProjectIndex({
      ...places,
      held,
      client: this.#network(),
      store,
      layout,
      host,
      listener: onEvent,
      isRefreshed: (project) => this.cachePolicy.isRefreshed(project),
      jobs,
      signal,
    });
    this.#indexes.push(index);
    return index;
  }

  /** The text of a small document. @throws what `HttpClient.get` throws */
  async fetchText(url: SafeUrl): Promise<string> {
    const { signal } = this.#context;
    const answer = await this.#network().get(url, { limit: DOCUMENT_LIMIT, compressed: true, signal });
    return answer.body.toString("utf8");
  }

  close(): void {
    this.#client?.close();
    for (const index of this.#indexes) index.close();
    if (this.#temporaryRoot !== undefined) remove(this.#temporaryRoot);
  }

  #network(): HttpClient {
    const { host, onEvent, signal } = this.#context;
    this.#client ??= new HttpClient(networkSettings(this.#request, { host, pip: this.pip }), {
      listener: onEvent,
      signal,
      cacheDirectory: this.layout.root,
      userAgent: `pexjs/${VERSION}`,
    });
    return this.#client;
  }
}

/** The root of the caches: `--pex-root`, else that of the environment. */
export function cacheRoot(request: BuildRequest, host: Host): string {
  return resolve(host.cwd, request.pexRoot === undefined ? pexRoot(host) : expandUser(request.pexRoot, host));
}

/** Where temporary files of a build go. @throws NoTemporaryDirectory */
export function temporaryDirectory(request: BuildRequest, host: Host): string {
  const directory = resolve(host.cwd, request.tmpdir ?? host.tmp);
  const kind = factsOf(directory)?.kind;
  if (kind === "directory") return directory;
  if (kind !== undefined)
    throw new NoTemporaryDirectory(`The place for temporary files is not a directory: ${directory}`, {
      hint: "choose another with --tmpdir",
    });
  throw new NoTemporaryDirectory(`The directory for temporary files does not exist: ${directory}`, {
    hint: `create it with \`mkdir -p ${quoteForShell(directory)}\`, or choose another with --tmpdir`,
  });
}

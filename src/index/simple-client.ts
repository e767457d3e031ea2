/** Asks one package index about a project (simple repository API: PEP 503 in HTML, PEP 691 in JSON). */

import { sha256 } from "../base/digest.ts";
import { SafeUrl } from "../base/safe-url.ts";
import { cachePolicy } from "../net/cache-control.ts";
import type { HttpClient, HttpResponse } from "../net/http-client.ts";
import type { ProjectName } from "../standards/project-name.ts";
import type { ProjectReleases } from "../standards/simple-index.ts";

import type { CachedPage, PageCache } from "./page-cache.ts";
import { readPageContent } from "./page-content.ts";
import { encodePageIndex, openPageIndex, type PageFacts } from "./page-index.ts";

export interface SimpleClientOptions {
  /** The index, such as `https://index.example/simple/`. */
  readonly url: SafeUrl;
  readonly client: HttpClient;
  readonly cache: PageCache | undefined;
  /** Whether what is kept of a project's page does not count. */
  readonly isRefreshed: (project: ProjectName) => boolean;
}

const ACCEPT =
  "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1, */*;q=0.01";

/** Bytes of a page that are too many; the largest real ones have some tens of millions. */
const LARGEST_PAGE = 256 * 1024 * 1024;

/** A project's page in one index. */
interface Page {
  readonly project: ProjectName;
  readonly url: SafeUrl;
  readonly cached: CachedPage | undefined;
}

/** One index over HTTP. */
export class SimpleClient {
  readonly #options: SimpleClientOptions;
  readonly #pages = new Map<ProjectName, Page>();
  #hasConnected = false;

  constructor(options: SimpleClientOptions) {
    this.#options = options;
    options.client.addIndex(options.url);
  }

  /**
   * What the index has of a project, or `undefined` when it does not know it.
   *
   * @throws what `HttpClient.get` throws; InvalidIndexPage
   */
  async releases(project: ProjectName): Promise<ProjectReleases | undefined> {
    const page = this.#page(project);
    const isRefreshed = this.#options.isRefreshed(project);
    if (!isRefreshed && this.#isFresh(page)) {
      const releases = page.cached?.releases;
      if (releases) return releases;
    }
    const isKept = !isRefreshed && page.cached?.releases !== undefined;
    const response = await this.#ask(page, isKept ? page.cached?.index?.facts : undefined);
    if (response.status === 404 || response.status === 410) return undefined;
    const releases = response.status === 304 ? page.cached?.releases : await this.#received(page, response);
    const { freshUntil, mayStore } = cachePolicy(response.headers, Date.now());
    if (freshUntil > 0 && mayStore && page.cached) page.cached.freshUntil = freshUntil;
    // An answer of 304 to whoever has nothing.
    return releases ?? this.#received(page, await this.#ask(page, undefined));
  }

  /** What the index had of a project when it was last asked, if that is still here. */
  recall(project: ProjectName): ProjectReleases | undefined {
    return this.#options.isRefreshed(project) ? undefined : this.#page(project).cached?.releases;
  }

  #page(project: ProjectName): Page {
    let page = this.#pages.get(project);
    if (page === undefined) {
      const url = this.#pageUrl(project);
      page = { project, url, cached: this.#options.cache?.page(url.identity, project) };
      this.#pages.set(project, page);
    }
    return page;
  }

  #isFresh({ cached }: Page): boolean {
    return cached?.index !== undefined && (this.#options.client.isOffline || cached.freshUntil > Date.now());
  }

  #ask({ project, url }: Page, known: PageFacts | undefined): Promise<HttpResponse> {
    const { client, isRefreshed } = this.#options;
    const { etag, lastModified } = known ?? noValidators;
    return client.get(url, {
      headers: {
        accept: ACCEPT,
        "if-none-match": etag,
        "if-modified-since": lastModified,
        // Nor does what caches on the way have of it.
        "cache-control": isRefreshed(project) ? "no-cache" : undefined,
      },
      accept: etag !== undefined || lastModified !== undefined ? [200, 304, 404, 410] : [200, 404, 410],
      compressed: true,
      limit: LARGEST_PAGE,
    });
  }

  /** The page that has just come; it is taken apart only if its bytes are not those of last time. */
  async #received({ project, cached }: Page, response: HttpResponse): Promise<ProjectReleases> {
    const { body, headers } = response;
    const { mayStore, etag, lastModified } = cachePolicy(headers, Date.now());
    const facts: PageFacts = { url: response.url.identity, sha256: sha256(body), etag, lastModified };
    const known = this.#options.isRefreshed(project) ? undefined : cached?.index?.facts;
    if (known?.sha256 === facts.sha256 && known.url === facts.url && cached?.releases) {
      if (known.etag !== etag || known.lastModified !== lastModified) cached.keepFacts(facts);
      return cached.releases;
    }
    const taken = await readPageContent(body, { contentType: headers["content-type"], url: facts.url });
    const encoded = encodePageIndex(facts, project, taken);
    // Also a page that will be fetched again anyway: one day nobody may be asked.
    if (mayStore) cached?.keep({ encoded, content: taken.content });
    // What lies on the disk need not stay in memory.
    const releases = (mayStore && cached?.releases) || openPageIndex(encoded)?.releases(project, taken.content);
    if (!releases) throw new TypeError("A page index cannot be read back");
    if (!known) this.#connectToFiles(releases);
    return releases;
  }

  /** The files often lie on another server, which will be asked next. */
  #connectToFiles(releases: ProjectReleases): void {
    if (this.#hasConnected) return;
    this.#hasConnected = true;
    const url = SafeUrl.parse(releases.files(0)[0]?.url ?? "");
    if (url && url.protocol !== "file:") this.#options.client.preconnect(url);
  }

  #pageUrl(project: ProjectName): SafeUrl {
    const url = this.#options.url.reveal();
    url.pathname = `${url.pathname.replace(/\/+$/, "")}/${project}/`;
    return SafeUrl.parse(url.href) ?? this.#options.url;
  }
}

const noValidators = { etag: undefined, lastModified: undefined };

/** Asks one package index about a project (simple repository API: PEP 503 in HTML, PEP 691 in JSON). */

import { sha256 } from "../base/digest.ts";
import { SafeUrl } from "../base/safe-url.ts";
import { cachePolicy } from "../net/cache-control.ts";
import type { HttpClient, HttpResponse } from "../net/http-client.ts";
import type { ProjectName } from "../standards/project-name.ts";
import type { ProjectReleases } from "../standards/simple-index.ts";

import type { PageCache } from "./page-cache.ts";
import { readPageContent, type PageContent } from "./page-content.ts";
import { encodePageIndex, openPageIndex, type PageFacts, type PageIndex } from "./page-index.ts";

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
  /** The URL without credentials. */
  readonly key: string;
}

/** One index over HTTP. */
export class SimpleClient {
  readonly #options: SimpleClientOptions;
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
    const { cache } = this.#options;
    const url = this.#pageUrl(project);
    const page: Page = { project, url, key: url.identity };
    const known = this.#options.isRefreshed(project) ? undefined : cache?.readIndex(page.key);
    if (known && cache && (this.#options.client.isOffline || cache.freshUntil(page.key) > Date.now())) {
      const releases = this.#kept(page, known);
      if (releases) return releases;
    }
    const response = await this.#ask(page, known);
    if (response.status === 404 || response.status === 410) return undefined;
    const releases =
      response.status === 304 && known ? this.#kept(page, known) : await this.#received(page, response, known);
    const { freshUntil, mayStore } = cachePolicy(response.headers, Date.now());
    if (freshUntil > 0 && mayStore) cache?.setFreshUntil(page.key, freshUntil);
    // The content vanished from the disk after we had said that we have it.
    return releases ?? this.#received(page, await this.#ask(page, undefined), undefined);
  }

  #ask({ project, url, key }: Page, known: PageIndex | undefined): Promise<HttpResponse> {
    const { client, isRefreshed } = this.#options;
    const { etag, lastModified } = known && this.#isKept(key, known) ? known.facts : noValidators;
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

  #isKept(key: string, { facts, contentLength }: PageIndex): boolean {
    return this.#options.cache?.contentLength(key, facts.sha256) === contentLength;
  }

  /** The page as it lies on the disk. */
  #kept({ project, key }: Page, known: PageIndex): ProjectReleases | undefined {
    const content = this.#options.cache?.readContent(key, known.facts.sha256);
    return content?.length === known.contentLength ? known.releases(project, () => content) : undefined;
  }

  /** The page that has just come; it is taken apart only if its bytes are not those of last time. */
  async #received(page: Page, response: HttpResponse, known: PageIndex | undefined): Promise<ProjectReleases> {
    const { body, headers } = response;
    const policy = cachePolicy(headers, Date.now());
    const { etag, lastModified } = policy;
    const facts: PageFacts = { url: response.url.identity, sha256: sha256(body), etag, lastModified };
    if (known?.facts.sha256 === facts.sha256 && known.facts.url === facts.url && this.#isKept(page.key, known)) {
      const releases = known.form === "anchors" ? known.releases(page.project, () => body) : this.#kept(page, known);
      const isSame = known.facts.etag === etag && known.facts.lastModified === lastModified;
      if (releases && !isSame) this.#options.cache?.writeIndex(page.key, known.withFacts(facts));
      if (releases) return releases;
    }
    const taken = await readPageContent(body, { contentType: headers["content-type"], url: facts.url });
    const encoded = encodePageIndex(facts, page.project, taken);
    if (policy.mayStore) this.#keep(page, { facts, encoded, taken });
    const index = openPageIndex(encoded);
    if (!index) throw new TypeError("A page index cannot be read back");
    const releases = index.releases(page.project, () => taken.content);
    if (!known) this.#connectToFiles(releases);
    return releases;
  }

  #keep({ key }: Page, { facts, encoded, taken }: Taken): void {
    // Also a page that will be fetched again anyway: one day nobody may be asked.
    this.#options.cache?.writeContent(key, facts.sha256, taken.content);
    this.#options.cache?.writeIndex(key, encoded);
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

interface Taken {
  readonly facts: PageFacts;
  readonly encoded: Buffer;
  readonly taken: PageContent;
}

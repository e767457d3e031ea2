/** How the network is to be used: the request, pip's configuration and the environment, put together. */

import type { Host } from "../base/host.ts";

import type { PipConfig } from "./pip-config.ts";
import { proxySettings, type ProxySettings } from "./proxy.ts";

/** Everything a client needs to know. */
export interface NetworkSettings {
  readonly host: Host;
  /** Milliseconds of silence after which a request fails. */
  readonly timeout: number;
  /** Tries after the first. */
  readonly retries: number;
  /** Times in a row that a download is resumed in vain. */
  readonly resumeRetries: number;
  readonly proxies: ProxySettings;
  /** A file or directory of authorities that replaces all others. */
  readonly cert: string | undefined;
  /** A file with our own certificate and key. */
  readonly clientCert: string | undefined;
  /** `host` or `host:port`, whose certificates are not checked. */
  readonly trustedHosts: readonly string[];
  /** Whether the `keyring` command may be asked. */
  readonly keyring: boolean;
  /** Whether nobody may be asked for anything. */
  readonly offline: boolean;
}

/** What a user may ask for, named as in `BuildRequest`. */
export interface NetworkRequest {
  readonly retries?: number | undefined;
  /** Seconds. */
  readonly timeout?: number | undefined;
  readonly resumeRetries?: number | undefined;
  readonly proxy?: string | undefined;
  readonly cert?: string | undefined;
  readonly clientCert?: string | undefined;
  readonly keyringProvider?: string | undefined;
  readonly offline?: boolean | undefined;
}

const RETRIES = 5;
const RESUME_RETRIES = 3;
const TIMEOUT_SECONDS = 15;

/**
 * The settings in force: the request, else pip's configuration, else the environment, else the defaults.
 *
 * @param pip `undefined` when pip's configuration is not to be used.
 * @throws NetworkConfigError
 */
export function networkSettings(
  request: NetworkRequest,
  { host, pip }: { readonly host: Host; readonly pip: PipConfig | undefined },
): NetworkSettings {
  return {
    host,
    timeout: (request.timeout ?? pip?.timeout ?? TIMEOUT_SECONDS) * 1000,
    retries: request.retries ?? pip?.retries ?? RETRIES,
    proxies: proxySettings(host.env, request.proxy ?? pip?.proxy),
    cert: request.cert ?? pip?.cert,
    clientCert: request.clientCert ?? pip?.clientCert,
    trustedHosts: pip?.trustedHosts ?? [],
    resumeRetries: request.resumeRetries ?? RESUME_RETRIES,
    keyring: ["subprocess", "import", "auto"].includes(request.keyringProvider ?? pip?.keyringProvider ?? ""),
    offline: request.offline ?? false,
  };
}

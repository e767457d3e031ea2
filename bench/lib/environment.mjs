/** The whole environment of every measured command. */
import { delimiter, dirname } from "node:path";

/**
 * Taken from the caller: without them a company's network is not reachable. `NODE_EXTRA_CA_CERTS` is none of them: pexjs
 * reads `SSL_CERT_FILE` like its peers, and Node spends 35 ms of every start on that variable.
 */
const NETWORK = /^(SSL_CERT_(FILE|DIR)|PIP_CERT|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|(HTTPS?|ALL|NO)_PROXY)$/i;

export function cleanEnvironment({ home, temporary, python }, extra = {}) {
  const network = Object.entries(process.env).filter(([name]) => NETWORK.test(name));
  return {
    ...Object.fromEntries(network),
    HOME: home,
    TMPDIR: temporary,
    PATH: [dirname(python), dirname(process.execPath), "/usr/local/bin", "/usr/bin", "/bin"].join(delimiter),
    LANG: "C.UTF-8",
    ...extra,
  };
}

/**
 * A server that is far away: HTTP/2 with TLS over loopback, behind a relay where every round trip takes that many
 * milliseconds, the one of connecting included. A second relay of the same kind leads to an echo.
 *
 * Usage: distant-server.mjs DIRECTORY MILLISECONDS; the authority's certificate is put into the directory.
 */
import { writeFileSync } from "node:fs";
import { createSecureServer } from "node:http2";
import { connect, createServer } from "node:net";
import { join } from "node:path";

import { CertificateAuthority } from "../../test/support/certificates.ts";

const [directory, milliseconds] = process.argv.slice(2);
const oneWay = Number(milliseconds) / 2;

const authority = new CertificateAuthority();
const { certificate, key } = authority.issue("localhost", ["localhost"]);
writeFileSync(join(directory, "authority.pem"), authority.certificate);

/** `/files/NAME-VERSION-….whl.metadata` gives the metadata of that project, which requires a few others. */
const web = createSecureServer(
  { cert: certificate, key, settings: { maxConcurrentStreams: 128 } },
  (request, response) => {
    const [, project, version] = /^\/files\/([^/-]+)-([^/-]+)-/.exec(request.url) ?? [];
    const requires = Array.from(
      { length: 8 },
      (_, index) => `Requires-Dist: other-${index}>=${index}; extra == "more"\n`,
    );
    const description = "A line of the long description that most metadata consists of.\n".repeat(100);
    response.writeHead(200, { "content-type": "text/plain" });
    response.end(`Metadata-Version: 2.1\nName: ${project}\nVersion: ${version}\n${requires.join("")}\n${description}`);
  },
);
const echo = createServer((socket) => socket.setNoDelay().pipe(socket));

const ports = [];
for (const server of [web, echo]) ports.push(await listen(relayTo(await listen(server))));
console.log(ports.join(" "));
process.stdin.on("end", () => process.exit()).resume();

function listen(server) {
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server.address().port)));
}

function relayTo(port) {
  return createServer((near) => {
    const far = connect({ port, host: "127.0.0.1", noDelay: true });
    near.setNoDelay();
    // The kernel has accepted at once; over a distance, what the client says first would come a round trip later.
    pass(near, far, performance.now() + 2 * oneWay);
    pass(far, near, 0);
  });
}

function pass(from, to, notBefore) {
  const wait = () => Math.max(0, notBefore - performance.now()) + oneWay;
  from.on("data", (chunk) => setTimeout(() => to.write(chunk), wait()));
  from.on("close", () => setTimeout(() => to.destroy(), wait()));
  from.on("error", () => to.destroy());
}

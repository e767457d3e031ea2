/** Certificates of an authority that only these tests know, made with nothing but Node's own cryptography. */

import { generateKeyPairSync, randomBytes, sign, type KeyObject } from "node:crypto";
import { isIP } from "node:net";

/** PEM texts. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

/** Signs certificates (RFC 5280, X.509 version 3, ECDSA on P-256). */
export class CertificateAuthority {
  /** PEM. */
  readonly certificate: string;
  readonly #name: string;
  readonly #key: KeyObject;

  constructor(name = "pexjs test authority") {
    const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    this.#name = name;
    this.#key = privateKey;
    this.certificate = this.#sign({ subject: name, publicKey, extensions: [BASIC_CONSTRAINTS_CA] });
  }

  /** A certificate for a server under these names and addresses, or for a client without any. */
  issue(subject: string, names: readonly string[] = []): Certificate {
    const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const extensions = names.length === 0 ? [] : [alternativeNames(names)];
    const certificate = this.#sign({ subject, publicKey, extensions });
    return { certificate, key: privateKey.export({ type: "pkcs8", format: "pem" }).toString() };
  }

  #sign(request: { subject: string; publicKey: KeyObject; extensions: readonly Buffer[] }): string {
    const algorithm = sequence(oid("2a8648ce3d040302")); // ecdsa-with-SHA256
    const tbs = sequence(
      tagged(0xa0, integer(Buffer.from([2]))), // version 3
      integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
      algorithm,
      distinguishedName(this.#name),
      sequence(generalizedTime("20200101000000Z"), generalizedTime("20991231235959Z")),
      distinguishedName(request.subject),
      request.publicKey.export({ type: "spki", format: "der" }),
      ...(request.extensions.length > 0 ? [tagged(0xa3, sequence(...request.extensions))] : []),
    );
    const signature = sign("sha256", tbs, this.#key);
    const der = sequence(tbs, algorithm, tagged(0x03, Buffer.concat([Buffer.from([0]), signature])));
    const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
    return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
  }
}

const BASIC_CONSTRAINTS_CA = sequence(
  oid("551d13"),
  tagged(0x01, Buffer.from([0xff])),
  tagged(0x04, sequence(tagged(0x01, Buffer.from([0xff])))),
);

function alternativeNames(names: readonly string[]): Buffer {
  const general = names.map((name) =>
    isIP(name) === 4 ? tagged(0x87, Buffer.from(name.split(".").map(Number))) : tagged(0x82, Buffer.from(name)),
  );
  return sequence(oid("551d11"), tagged(0x04, sequence(...general)));
}

function distinguishedName(commonName: string): Buffer {
  return sequence(tagged(0x31, sequence(oid("550403"), tagged(0x0c, Buffer.from(commonName)))));
}

function generalizedTime(text: string): Buffer {
  return tagged(0x18, Buffer.from(text));
}

function oid(hex: string): Buffer {
  return tagged(0x06, Buffer.from(hex, "hex"));
}

function integer(bytes: Buffer): Buffer {
  return tagged(0x02, bytes);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tagged(0x30, Buffer.concat(parts));
}

function tagged(tag: number, content: Buffer): Buffer {
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
  const size = length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

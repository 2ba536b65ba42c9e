import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

/** A CA of its own for every test run, and what it signs, each name once. Everything is made here and thrown away. */
export class CertificateAuthority {
  readonly certificate: string;
  readonly #folder = mkdtempSync(join(tmpdir(), "gateway-ca-"));
  readonly #issued = new Map<string, KeyPair>();

  constructor(name: string) {
    this.#openssl(
      "req",
      "-x509",
      "-subj",
      `/CN=${name}`,
      "-days",
      "2",
      ...newKey,
      "-keyout",
      "ca.key",
      "-out",
      "ca.crt",
    );
    this.certificate = this.#read("ca.crt");
  }

  /** A certificate for a server name. */
  server(hostName: string): KeyPair {
    return this.#issue(`/CN=${hostName}`, `subjectAltName=DNS:${hostName}\nextendedKeyUsage=serverAuth\n`);
  }

  /** A client certificate. The subject is written as RFC 2253 does: `CN=reports,O=Example Bank,C=DE`. */
  client(subject: string): KeyPair {
    const slashes = subject
      .split(",")
      .reverse()
      .map((part) => `/${part}`)
      .join("");
    return this.#issue(slashes, "extendedKeyUsage=clientAuth\n");
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #issue(subject: string, extensions: string): KeyPair {
    const known = this.#issued.get(subject + extensions);
    if (known) return known;
    const name = String(this.#issued.size + 1);
    writeFileSync(join(this.#folder, `${name}.ext`), `basicConstraints=CA:FALSE\n${extensions}`);
    this.#openssl("req", "-new", "-subj", subject, ...newKey, "-keyout", `${name}.key`, "-out", `${name}.csr`);
    const signer = ["-CA", "ca.crt", "-CAkey", "ca.key", "-set_serial", name, "-days", "2", "-extfile", `${name}.ext`];
    this.#openssl("x509", "-req", "-in", `${name}.csr`, "-out", `${name}.crt`, ...signer);
    const pair = { certificate: this.#read(`${name}.crt`), key: this.#read(`${name}.key`) };
    this.#issued.set(subject + extensions, pair);
    return pair;
  }

  #openssl(...args: string[]): void {
    execFileSync("openssl", args, { cwd: this.#folder, stdio: ["ignore", "pipe", "pipe"] });
  }

  #read(name: string): string {
    return readFileSync(join(this.#folder, name), "utf8");
  }
}

const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

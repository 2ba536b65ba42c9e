import { execFile, execFileSync, spawn, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { HostFile } from "@holdfast/core";
import { freePort } from "../free-port";
import type { KeyPair } from "./certificates";

/** What the secret store would hold for a gateway. */
export interface GatewaySecretValues {
  readonly server: KeyPair;
  readonly clientCa: string;
  /** Key reference of each API key in clear; the gateway gets the hashes. */
  readonly apiKeys: readonly { readonly key: string; readonly keyRef: string; readonly lastDay?: string }[];
  /** Engine key by fleet. */
  readonly engineKeys: Readonly<Record<string, string>>;
  /** CA of the engines' certificate by the name of its file, for those that speak TLS. */
  readonly engineCas: Readonly<Record<string, string>>;
}

export interface GatewayOptions {
  readonly files: readonly HostFile[];
  readonly secrets: GatewaySecretValues;
  /** Name server as `address:port`. */
  readonly resolver: string;
  /** Own address on loopback, by which other gateways know this one. @default "127.0.0.1" */
  readonly self?: string;
  /** Addresses of other gateways. @default none */
  readonly peers?: readonly string[];
  /** Port on which gateways talk to each other; the same on all. @default a free one */
  readonly peerPort?: number;
}

/** Without blocking: the engines of other tests live in this process too, and have checks to answer. */
const execute = promisify(execFile);

const scripts = "/usr/local/lib/holdfast/gateway";
const configuration = "/etc/holdfast/gateway/haproxy.cfg";

/** Whether the programs that a real gateway needs are on this machine; the reason if not. */
export function gatewayUnavailable(): string | undefined {
  for (const [program, flag] of [
    ["haproxy", "-v"],
    ["openssl", "version"],
  ] as const) {
    try {
      execFileSync(program, [flag], { stdio: "ignore" });
    } catch {
      return `${program} is not installed`;
    }
  }
  return undefined;
}

/**
 * A real HAProxy on loopback, running the files exactly as they would be deployed: they are laid out in a temporary folder, their own
 * script makes the secret tables, and only the process environment says that addresses and paths are others than on a host.
 */
export class GatewayProcess {
  readonly #child: ChildProcess;
  #log = "";

  private constructor(
    readonly folder: string,
    readonly port: number,
    readonly internalPort: number,
    readonly environment: NodeJS.ProcessEnv,
    child: ChildProcess,
  ) {
    this.#child = child;
    const keep = (part: Buffer): void => {
      this.#log += part.toString("utf8");
    };
    child.stdout?.on("data", keep);
    child.stderr?.on("data", keep);
  }

  static async start(options: GatewayOptions): Promise<GatewayProcess> {
    const folder = mkdtempSync(join(tmpdir(), "gateway-"));
    for (const file of options.files) {
      const path = folder + file.path;
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, file.content);
      chmodSync(path, Number.parseInt(file.mode ?? "0644", 8));
    }
    const [port, internalPort] = [await freePort(), await freePort()];
    const self = options.self ?? "127.0.0.1";
    const own: Record<string, string> = {
      HOLDFAST_CONFIGURATION: folder + dirname(configuration),
      HOLDFAST_SECRETS: join(folder, "secrets"),
      HOLDFAST_RUNTIME: join(folder, "runtime"),
      HOLDFAST_OWNER: `${userInfo().uid}:${userInfo().gid}`,
      HOLDFAST_CLIENT_ADDRESS: `127.0.0.1:${port}`,
      HOLDFAST_INTERNAL_ADDRESS: `127.0.0.1:${internalPort}`,
      HOLDFAST_PEER_ADDRESS: self,
      HOLDFAST_PEER_PORT: String(options.peerPort ?? (await freePort())),
      HOLDFAST_RESOLVER: options.resolver,
      HOLDFAST_SELF: self,
      ...Object.fromEntries((options.peers ?? []).map((address, index) => [`HOLDFAST_PEER_${index + 1}`, address])),
    };
    const environment = { ...process.env, ...own };
    mkdirSync(join(folder, "runtime"));
    writeSecrets(folder, options.secrets);
    await execute("sh", [join(folder, scripts, "prepare.sh")], { env: environment });
    await execute("haproxy", ["-c", "-q", "-f", folder + configuration], { env: environment });
    const child = spawn("haproxy", ["-W", "-f", folder + configuration], {
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const gateway = new GatewayProcess(folder, port, internalPort, environment, child);
    await until(
      async () => child.exitCode !== null || (await gateway.admin("show info")).includes("Uptime_sec"),
      () => `HAProxy did not start:\n${gateway.log}`,
    );
    if (child.exitCode !== null) throw new Error(`HAProxy did not start:\n${gateway.log}`);
    return gateway;
  }

  /** Everything HAProxy has written so far. */
  get log(): string {
    return this.#log;
  }

  /** The audit lines so far. */
  get audit(): Record<string, unknown>[] {
    return this.#log
      .split("\n")
      .filter((line) => line.includes('"kind":"audit"'))
      .map((line) => JSON.parse(line.slice(line.indexOf("{"))) as Record<string, unknown>);
  }

  /** Replaces secrets as the secret store would, and reloads as the unit does. Waits until the new process is in charge. */
  async reload(secrets?: GatewaySecretValues): Promise<void> {
    if (secrets) writeSecrets(this.folder, secrets);
    await execute("sh", [join(this.folder, scripts, "prepare.sh")], { env: this.environment });
    const before = await this.#worker();
    this.#child.kill("SIGUSR2");
    await until(
      async () => (await this.#worker()) !== before,
      () => `HAProxy did not reload:\n${this.#log}`,
    );
  }

  /** A command on the runtime socket. */
  async admin(command: string): Promise<string> {
    const socket = createConnection(join(this.folder, "runtime/admin.sock"));
    let text = "";
    socket.on("data", (part: Buffer) => (text += part.toString("utf8")));
    try {
      await once(socket, "connect");
      socket.write(`${command}\n`);
      await once(socket, "close");
    } catch {
      return "";
    }
    return text;
  }

  /** Servers of a backend that are in rotation, as `address:port`. */
  async inRotation(backend: string): Promise<string[]> {
    const rows = (await this.admin("show stat")).split("\n").map((line) => line.split(","));
    const columns = rows[0] ?? [];
    const [name, server, status, address] = ["# pxname", "svname", "status", "addr"].map((title) =>
      columns.indexOf(title),
    );
    if (name === undefined || server === undefined || status === undefined || address === undefined) return [];
    return rows
      .filter((row) => row[name] === backend && row[server] !== "BACKEND" && (row[status] ?? "").startsWith("UP"))
      .map((row) => row[address] ?? "")
      .sort();
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.kill("SIGTERM");
      await once(this.#child, "exit");
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #worker(): Promise<string> {
    return /^Pid: (\d+)$/m.exec(await this.admin("show info"))?.[1] ?? "";
  }
}

function writeSecrets(folder: string, secrets: GatewaySecretValues): void {
  const place = (name: string, content: string): void => {
    writeFileSync(join(folder, "secrets", name), content, { mode: 0o600 });
  };
  mkdirSync(join(folder, "secrets"), { recursive: true });
  place("gateway-certificate", secrets.server.certificate + secrets.server.key);
  place("gateway-client-ca", secrets.clientCa);
  const lines = secrets.apiKeys.map(({ key, keyRef, lastDay }) => {
    const hash = createHash("sha256").update(key).digest("hex");
    return `${hash} ${keyRef}${lastDay === undefined ? "" : ` ${lastDay}`}`;
  });
  place("gateway-api-keys", `# made by the test\n${lines.join("\n")}\n`);
  for (const [fleet, key] of Object.entries(secrets.engineKeys)) place(`gateway-engine-key-${fleet}`, `${key}\n`);
  for (const [file, ca] of Object.entries(secrets.engineCas)) place(file, ca);
}

/** Polls until something is so. Gives up after about a minute, which no healthy machine needs. */
export async function until(
  condition: () => Promise<boolean> | boolean,
  otherwise: () => string,
  attempts = 1200,
): Promise<void> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(otherwise());
}

import { randomBytes, randomInt } from "node:crypto";
import { Agent } from "node:https";
import type { HostFile } from "@holdfast/core";
import { backendName, gatewaySecrets, type GatewayFleet, type GatewayPolicy } from "@holdfast/gateway";
import type { CertificateAuthority, KeyPair } from "./certificates";
import { DnsServer } from "./dns-server";
import { FakeEngine } from "./fake-engine";
import { freePort } from "../free-port";
import { GatewayProcess, until, type GatewaySecretValues } from "./gateway-process";
import type { Caller } from "./call";

/** A compiled gateway and what it was compiled from: all that the behaviour probes need to know of it. */
export interface CompiledGateway {
  readonly files: readonly HostFile[];
  readonly policy: GatewayPolicy;
  readonly fleets: readonly GatewayFleet[];
}

/** Who signs certificates: the CA of servers and clients, and one that nobody trusts. */
export type Authorities = readonly [own: CertificateAuthority, other: CertificateAuthority];

export interface BenchOptions {
  /** Changes the text of haproxy.cfg (or of the files it reads) before it starts, to see whether a probe notices. @default unchanged */
  readonly breakage?: (file: HostFile) => string;
  /** Gateways side by side, sharing their counts. @default 1 */
  readonly gateways?: number;
  /** How long to wait for what ought to happen, in steps of 50 ms: less where it ought not to. @default 1200 */
  readonly patience?: number;
}

/** Engines of the fleet that most probes call. */
const enginesOfMain = 3;

/**
 * A compiled gateway between fake engines and the test: certificates, keys, name server and engines are made here, and the gateway's own
 * files are changed only where a fact of the machine demands it (the engines' port, and checks often enough to wait for).
 */
export class GatewayBench {
  readonly engineKey = `engine-key-${randomBytes(12).toString("hex")}`;
  readonly gateways: GatewayProcess[] = [];
  /** One connection per gateway, kept between requests. */
  readonly agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly engines: Readonly<Record<string, FakeEngine[]>>;
  readonly #keys = new Map<string, string>();

  private constructor(
    readonly compiled: CompiledGateway,
    readonly ports: Readonly<Record<string, number>>,
    readonly dns: DnsServer,
    readonly authority: CertificateAuthority,
    readonly otherAuthority: CertificateAuthority,
    readonly patience: number,
  ) {
    this.engines = Object.fromEntries(compiled.fleets.map((fleet) => [fleet.fleetName, []]));
  }

  static async start(
    compiled: CompiledGateway,
    authorities: Authorities,
    options: BenchOptions = {},
  ): Promise<GatewayBench> {
    const ports: Record<string, number> = {};
    for (const fleet of compiled.fleets) ports[fleet.fleetName] = await freePort();
    const bench = new GatewayBench(compiled, ports, await DnsServer.start(), ...authorities, options.patience ?? 1200);
    try {
      for (const fleet of compiled.fleets) {
        const count = fleet === bench.main ? enginesOfMain : 1;
        for (let index = 0; index < count; index += 1) await bench.addEngine(fleet.fleetName);
      }
      await bench.#startGateways(options);
      return bench;
    } catch (error) {
      await bench.stop();
      throw error;
    }
  }

  /** The first fleet that writes text: the one that most probes call. */
  get main(): GatewayFleet {
    return mainFleet(this.compiled);
  }

  get gateway(): GatewayProcess {
    const [gateway] = this.gateways;
    if (!gateway) throw new Error("no gateway is running");
    return gateway;
  }

  /** The client of the main fleet that has the highest limits. */
  get client(): string {
    return this.#byLimit(this.#clientsOf(this.main.servedModelName), 1);
  }

  /** The client of any fleet that writes text that has the lowest limits. */
  get slowClient(): string {
    const writers = this.compiled.fleets.filter((fleet) => fleet.task === "generate");
    return this.#byLimit(
      writers.flatMap((fleet) => this.#clientsOf(fleet.servedModelName)),
      -1,
    );
  }

  /** The main fleet's clients with the best and the worst place in its queue. */
  get rivals(): readonly [string, string] {
    const { clients, tiers } = this.compiled.policy;
    const place = (client: string): number => tiers[clients[client]?.tier ?? ""]?.priority ?? 0;
    const sorted = this.#clientsOf(this.main.servedModelName).sort((a, b) => place(a) - place(b));
    return [sorted[0] ?? "", sorted.at(-1) ?? ""];
  }

  get secrets(): GatewaySecretValues {
    const { policy, fleets } = this.compiled;
    return {
      server: this.authority.server(policy.hostName),
      clientCa: this.authority.certificate,
      apiKeys: Object.entries(policy.clients).flatMap(([name, { keyRef, certificateSubject }]) =>
        keyRef === undefined && certificateSubject !== undefined
          ? []
          : [{ key: this.key(name), keyRef: keyRef ?? name }],
      ),
      engineKeys: Object.fromEntries(fleets.map(({ fleetName }) => [fleetName, this.engineKey])),
      engineCas: Object.fromEntries(
        fleets.filter(({ tls }) => tls).map((fleet) => [gatewaySecrets.engineCa(fleet), this.authority.certificate]),
      ),
    };
  }

  key(client: string): string {
    const key = this.#keys.get(client) ?? `sk-test-${client}-${randomBytes(12).toString("hex")}`;
    this.#keys.set(client, key);
    return key;
  }

  /** A client with everything it needs, less what a probe takes away. */
  caller(client: string = this.client, changes: Partial<Caller> = {}, gateway: GatewayProcess = this.gateway): Caller {
    const subject = this.compiled.policy.clients[client]?.certificateSubject ?? `CN=${client}`;
    const certificate = this.authority.client(subject);
    const { hostName } = this.compiled.policy;
    return {
      port: gateway.port,
      hostName,
      ca: this.authority.certificate,
      key: this.key(client),
      certificate,
      ...changes,
    };
  }

  /** Engines of the main fleet. */
  get mainEngines(): FakeEngine[] {
    return this.engines[this.main.fleetName] ?? [];
  }

  /** Starts an engine and gives its address to the fleet's DNS name. It shows the fleet's certificate unless another one is given. */
  async addEngine(fleetName: string, certificate?: KeyPair): Promise<FakeEngine> {
    const address = `127.${randomInt(2, 250)}.${randomInt(1, 250)}.${randomInt(2, 250)}`;
    const fleet = this.compiled.fleets.find((one) => one.fleetName === fleetName);
    const own = fleet?.tls ? this.authority.server(fleet.dnsName) : undefined;
    const engine = await FakeEngine.start(address, this.ports[fleetName] ?? 0, this.engineKey, certificate ?? own);
    this.engines[fleetName]?.push(engine);
    this.publish(fleetName);
    return engine;
  }

  /** Writes the fleet's DNS name from its engines, less those named. */
  publish(fleetName: string, without: readonly FakeEngine[] = []): void {
    const fleet = this.compiled.fleets.find((one) => one.fleetName === fleetName);
    const addresses = (this.engines[fleetName] ?? [])
      .filter((engine) => !without.includes(engine))
      .map((engine) => engine.address);
    if (fleet) this.dns.set(fleet.dnsName, addresses);
  }

  /** Waits until the main fleet's rotation is exactly these engines. */
  async rotation(engines: readonly FakeEngine[], gateway = this.gateway, patience = this.patience): Promise<void> {
    const wanted = engines.map((engine) => `${engine.address}:${engine.port}`).sort();
    const backend = backendName(this.main.fleetName);
    let last: string[] = [];
    await until(
      async () => {
        last = await gateway.inRotation(backend);
        return last.join() === wanted.join();
      },
      () => `in rotation: ${last.join(", ")}; wanted: ${wanted.join(", ")}\n${gateway.log.slice(-3000)}`,
      patience,
    );
  }

  /** Waits until something is so. */
  async waitFor(condition: () => Promise<boolean> | boolean, otherwise?: () => Promise<string>): Promise<void> {
    let reason = "it did not happen";
    await until(
      async () => {
        if (await condition()) return true;
        if (otherwise) reason = await otherwise();
        return false;
      },
      () => `${reason}\n${this.gateway.log.slice(-2000)}`,
      this.patience,
    );
  }

  /** Waits for the next minute when less than so many seconds of this one are left: a limit per minute is counted by the clock. */
  async roomInMinute(seconds: number): Promise<void> {
    const left = 60 - ((Date.now() / 1000) % 60);
    if (left < seconds) await new Promise((resolve) => setTimeout(resolve, (left + 0.2) * 1000));
  }

  /** Requests that the engines of all fleets work on. */
  get running(): number {
    return Object.values(this.engines)
      .flat()
      .reduce((sum, engine) => sum + engine.running, 0);
  }

  /** From now on every engine keeps what it is asked. */
  hold(): void {
    for (const engine of Object.values(this.engines).flat()) engine.hold();
  }

  /** Every engine answers what it has kept, and what comes. */
  release(): void {
    for (const engine of Object.values(this.engines).flat()) engine.release();
  }

  /** Requests of a client that one gateway lets in at once. */
  inFlight(client: string): number {
    const map = this.compiled.files.find((file) => file.path.endsWith("/client-limits.map"))?.content ?? "";
    const line = map.split("\n").find((one) => one.startsWith(`${client} `)) ?? "";
    return Number(line.split("|")[2] ?? 0);
  }

  async stop(): Promise<void> {
    this.agent.destroy();
    for (const gateway of this.gateways) await gateway.stop();
    for (const engines of Object.values(this.engines)) for (const engine of engines) await engine.kill();
    this.dns.stop();
  }

  async #startGateways({ gateways = 1, breakage = (file) => file.content }: BenchOptions): Promise<void> {
    const files = onThisMachine(this.compiled, this.ports).map((file) => ({ ...file, content: breakage(file) }));
    const addresses = Array.from({ length: gateways }, (_, index) => `127.0.0.${index + 1}`);
    const peerPort = await freePort();
    for (const self of addresses) {
      const peers = addresses.filter((address) => address !== self);
      const gateway = await GatewayProcess.start({
        files,
        secrets: this.secrets,
        resolver: this.dns.address,
        self,
        peers,
        peerPort,
      });
      this.gateways.push(gateway);
      await this.rotation(this.mainEngines, gateway, 1200);
    }
  }

  #clientsOf(model: string): string[] {
    return clientsOf(this.compiled, model);
  }

  /** The client with the highest (1) or lowest (-1) limit; among equals one whose certificate is not bound. */
  #byLimit(clients: readonly string[], direction: 1 | -1): string {
    const { clients: rules, tiers } = this.compiled.policy;
    const limit = (client: string): number => tiers[rules[client]?.tier ?? ""]?.requestsPerMinute ?? 0;
    const bound = (client: string): number => (rules[client]?.certificateSubject === undefined ? 0 : 1);
    return [...clients].sort((a, b) => direction * (limit(b) - limit(a)) || bound(a) - bound(b))[0] ?? "";
  }
}

/** The first fleet that writes text for anybody. */
export function mainFleet(compiled: CompiledGateway): GatewayFleet {
  const fleet = compiled.fleets.find(
    (one) => one.task === "generate" && clientsOf(compiled, one.servedModelName).length > 0,
  );
  if (!fleet) throw new Error("no client may use a fleet that generates text");
  return fleet;
}

/** Clients that may use a model. */
export function clientsOf({ policy }: CompiledGateway, model: string): string[] {
  return Object.entries(policy.clients)
    .filter(([, client]) => client.models.includes(model))
    .map(([name]) => name);
}

/**
 * The compiled files with the few facts of this machine: engines listen on a free port, one per address, are checked several times a
 * second, and loopback counts as a network of every client. Everything else stays as compiled.
 */
export function onThisMachine({ files, fleets }: CompiledGateway, ports: Readonly<Record<string, number>>): HostFile[] {
  return files.map((file) => {
    if (file.reader !== "haproxy") return file;
    let content = file.content
      // A check's connection and handshake may take `inter` and no longer: less is too little on a busy machine.
      .replaceAll(/\binter \d+s fastinter \d+s downinter \d+s/g, "inter 4s fastinter 200ms downinter 300ms")
      .replaceAll(/timeout check \d+s/g, "timeout check 5s")
      // The handshakes of both ends and of every other test are made by one process: more than three late ones would call an engine dead.
      .replaceAll(/timeout connect \d+s/g, "timeout connect 30s")
      .replaceAll(/!\{ src ([^}]*)\}/g, "!{ src $1127.0.0.0/8 }");
    for (const fleet of fleets) {
      const port = ports[fleet.fleetName] ?? fleet.port;
      const template = new RegExp(
        `^  server-template (\\S+) (\\d+) ${fleet.dnsName.replaceAll(".", "\\.")}:(\\d+)`,
        "gm",
      );
      content = content.replaceAll(template, (line, prefix: string, count: string, old: string) =>
        Number(old) === fleet.port
          ? `  server-template ${prefix} ${count} ${fleet.dnsName}:${port}`
          : `  # one engine per address here: ${line.trim()}`,
      );
    }
    return { ...file, content };
  });
}

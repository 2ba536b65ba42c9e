import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer, type Server as TlsServer } from "node:https";
import type { Socket } from "node:net";
import type { KeyPair } from "./certificates";

/** What an engine was sent. */
export interface SeenRequest {
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export type EngineMood =
  /** Answers. */
  | "well"
  /** Accepts requests and never answers one, while its health route still says yes: what vLLM does when its engine hangs. */
  | "hung"
  /** Answers 500 to everything but the health route; to checks only after a caller's request, so that there is one however slow it comes. */
  | "failing";

/** An engine as a gateway sees it: OpenAI routes behind a key, and the open routes that real engines have besides. */
export class FakeEngine {
  mood: EngineMood = "well";
  /** Work per request, milliseconds. */
  delayMs = 0;
  /** Requests of callers, checks not among them. */
  readonly seen: SeenRequest[] = [];
  /** One-token checks. */
  checks = 0;
  /** Connections begun, whether or not they became a request. */
  connections = 0;
  /** Requests being worked on. */
  running = 0;
  mostRunning = 0;

  readonly #server: Server | TlsServer;
  readonly #sockets = new Set<Socket>();
  readonly #key: string;
  #refusing = false;
  #held: (() => void)[] | undefined;
  #streams: ((chunk: string | null) => void)[] = [];
  #waiting: ((send: (chunk: string | null) => void) => void)[] = [];

  private constructor(
    readonly address: string,
    readonly port: number,
    key: string,
    tls: KeyPair | undefined,
  ) {
    this.#key = key;
    const answer = (request: IncomingMessage, response: ServerResponse): void => {
      this.#serve(request, response).catch(() => response.destroy());
    };
    this.#server =
      tls === undefined
        ? createServer(answer)
        : createTlsServer({ cert: tls.certificate, key: tls.key, minVersion: "TLSv1.2" }, answer);
    // A connection ends when the gateway ends it, however slow the machine.
    this.#server.keepAliveTimeout = 600_000;
    this.#server.on("connection", (socket: Socket) => {
      this.connections += 1;
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
    });
  }

  /** Without a certificate it speaks no TLS. */
  static async start(address: string, port: number, key: string, tls?: KeyPair): Promise<FakeEngine> {
    const engine = new FakeEngine(address, port, key, tls);
    engine.#server.listen(port, address);
    await once(engine.#server, "listening");
    return engine;
  }

  /** As if its process had been killed: listening ends and every connection is reset. */
  async kill(): Promise<void> {
    this.#server.close();
    for (const socket of this.#sockets) socket.resetAndDestroy();
    if (this.#server.listening) await once(this.#server, "close");
  }

  /** From now on requests are kept until they are let go; checks are answered. */
  hold(): void {
    this.#held ??= [];
  }

  /** Lets one request go that is kept, the oldest. */
  releaseOne(): void {
    this.#held?.shift()?.();
  }

  /** Lets every request go, and keeps none from now on. */
  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const go of held) go();
  }

  /** Waits for a stream to begin and returns the function that sends its next chunk; `null` ends it. */
  nextStream(): Promise<(chunk: string | null) => void> {
    const started = this.#streams.shift();
    if (started) return Promise.resolve(started);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts).toString("utf8");
    const path = request.url ?? "";
    if (path === "/health" || path === "/metrics") {
      response.end("open to everyone");
      return;
    }
    const check = body.includes('"prompt":"ok"') || body.includes('"input":"ok"');
    if (check) this.checks += 1;
    else this.seen.push({ path, headers: request.headers, body });
    if (request.headers.authorization !== `Bearer ${this.#key}`) {
      json(response, 401, { error: "the engine's key is needed" });
      return;
    }
    if (this.mood === "hung") return;
    this.#refusing ||= this.mood === "failing" && !check;
    if (this.#refusing) {
      json(response, 500, { error: { message: "draining", type: "server_error" } });
      return;
    }
    this.running += check ? 0 : 1;
    this.mostRunning = Math.max(this.mostRunning, this.running);
    if (this.delayMs > 0 && !check) await new Promise((resolve) => setTimeout(resolve, this.delayMs));
    if (this.#held !== undefined && !check) await new Promise<void>((go) => this.#held?.push(go));
    this.running -= check ? 0 : 1;
    if (body.includes('"stream":true')) this.#stream(response);
    else json(response, 200, { object: "chat.completion", engine: this.address, usage: { total_tokens: 7 } });
  }

  #stream(response: ServerResponse): void {
    response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
    response.flushHeaders();
    const send = (chunk: string | null): void => {
      if (chunk === null) response.end();
      else response.write(`data: ${chunk}\n\n`);
    };
    const waiting = this.#waiting.shift();
    if (waiting) waiting(send);
    else this.#streams.push(send);
  }
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "content-type": "application/json", server: "uvicorn" });
  response.end(JSON.stringify(value));
}

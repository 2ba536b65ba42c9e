import { request as http1, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import type { Agent } from "node:https";
import { request } from "node:https";
import type { KeyPair } from "./certificates";

export interface Caller {
  readonly port: number;
  readonly hostName: string;
  /** CA of the gateway's certificate. */
  readonly ca: string;
  readonly certificate?: KeyPair | undefined;
  readonly key?: string | undefined;
}

export interface CallOptions {
  readonly method?: string;
  readonly path?: string;
  readonly body?: string | Buffer;
  /** Sends the body in pieces of unknown total length. @default false */
  readonly chunked?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  readonly agent?: Agent;
  readonly maxVersion?: "TLSv1.2" | "TLSv1.3";
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** `error.code` of an OpenAI-shaped error. */
  readonly code: string | undefined;
}

/** Opens a request and returns the response as soon as its head is there. Rejects when the connection fails. */
export function open(caller: Caller, options: CallOptions = {}): Promise<IncomingMessage> {
  const { method = "POST", path = "/v1/chat/completions", body, chunked = false, headers = {} } = options;
  return new Promise((resolve, reject) => {
    const sent = request({
      host: "127.0.0.1",
      port: caller.port,
      servername: caller.hostName,
      ca: caller.ca,
      ...(caller.certificate ? { cert: caller.certificate.certificate, key: caller.certificate.key } : {}),
      ...(options.agent ? { agent: options.agent } : { agent: false }),
      ...(options.maxVersion ? { maxVersion: options.maxVersion } : {}),
      method,
      path,
      headers: {
        host: caller.hostName,
        ...(caller.key === undefined ? {} : { authorization: `Bearer ${caller.key}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(body === undefined || chunked ? {} : { "content-length": String(Buffer.byteLength(body)) }),
        ...headers,
      },
    });
    sent.on("response", resolve);
    sent.on("error", reject);
    // A probe that hangs should say where.
    sent.setTimeout(60_000, () => sent.destroy(new Error(`${method} ${path}: nothing came for a minute`)));
    if (body !== undefined && chunked) {
      const bytes = Buffer.from(body);
      for (let at = 0; at < bytes.length; at += 8192) sent.write(bytes.subarray(at, at + 8192));
      sent.end();
    } else sent.end(body);
  });
}

/** A whole request and its whole answer. */
export async function call(caller: Caller, options: CallOptions = {}): Promise<Answer> {
  return answerOf(await open(caller, options));
}

/** The same, with the reason in place of an answer when the connection fails. */
export async function tryCall(caller: Caller, options: CallOptions = {}): Promise<Answer | string> {
  try {
    return await call(caller, options);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** A chat request for a model. */
export function chat(model: string, prompt = "hello", more: object = {}): string {
  return JSON.stringify({ model, messages: [{ role: "user", content: prompt }], ...more });
}

/** Plain HTTP, for the internal listener. */
export function plain(port: number, path: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = http1({ host: "127.0.0.1", port, path, agent: false }, (response) => {
      answerOf(response).then(resolve, reject);
    });
    sent.on("error", reject);
    sent.end();
  });
}

async function answerOf(response: IncomingMessage): Promise<Answer> {
  let text = "";
  for await (const part of response) text += String(part);
  return { status: response.statusCode ?? 0, headers: response.headers, text, code: errorCode(text) };
}

function errorCode(text: string): string | undefined {
  try {
    const parsed = JSON.parse(text) as { error?: { code?: string; message?: string; type?: string } };
    const error = parsed.error;
    return typeof error?.message === "string" && typeof error.type === "string" ? error.code : undefined;
  } catch {
    return undefined;
  }
}

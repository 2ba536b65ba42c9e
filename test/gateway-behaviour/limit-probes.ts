import { createHash } from "node:crypto";
import { connect as connectHttp2 } from "node:http2";
import { connect, type TLSSocket } from "node:tls";
import type { HostFile } from "@holdfast/core";
import { call, chat, tryCall, type Answer } from "./call";
import type { CompiledGateway, GatewayBench } from "./gateway-bench";
import type { GatewayProcess } from "./gateway-process";
import { differs, first, inConfig, type Probe } from "./probe";

/** Length of a window in place of a minute, seconds: a busy machine is not that late. */
const window = 8;
/** What every client may ask in a window: so few that a busy machine gets through them well before its end. */
const limit = 12;

/** Every client's limit is the small one. */
function few(file: HostFile): string {
  return file.path.endsWith("/client-limits.map")
    ? file.content.replaceAll(/^(\S+) \d+\|\d+\|/gm, `$1 ${limit}|0|`)
    : file.content;
}

/** How much gets in: rates, requests in flight, sizes, malformed bodies, slow callers. */
export const limitProbes: readonly Probe[] = [
  {
    name: "a client gets its requests per minute and no more: then 429 with the time to wait; others are not touched",
    adapt: few,
    run: async (bench) => {
      const { model, caller, agent } = slow(bench);
      await bench.roomInMinute(25);
      const accepted: Answer[] = [];
      for (let number = 0; number < limit; number += 1) accepted.push(await call(caller, { body: chat(model), agent }));
      const refused = await call(caller, { body: chat(model), agent });
      const wait = Number(refused.headers["retry-after"]);
      const bad = accepted.findIndex((answer) => answer.status !== 200);
      return first(
        bad < 0 ? undefined : differs(`request ${bad + 1} of ${limit}`, accepted[bad] ?? "none", 200),
        differs("one more", refused, 429, "rate_limit_exceeded"),
        wait >= 1 && wait <= 120 ? undefined : `Retry-After is ${String(refused.headers["retry-after"])}`,
        bench.client === bench.slowClient
          ? undefined
          : differs("another client", await call(bench.caller(), { body: chat(bench.main.servedModelName) }), 200),
      );
    },
    breakage: inConfig(/^ *http-request sc-inc-gpc[01]\([12]\)$/, ""),
  },
  {
    name: "refused requests do not count: a client that kept asking is served as soon as its minute is over",
    adapt: few,
    run: async (bench) => {
      const { model, caller, agent } = slow(bench);
      await bench.roomInMinute(25);
      for (let number = 0; number < limit + 20; number += 1) await call(caller, { body: chat(model), agent });
      const counted = await bench.gateway.admin("show table gateways/minute");
      const counts = [...counted.matchAll(/gpc0=(\d+)/g)].map((match) => Number(match[1]));
      const sum = counts.reduce((total, count) => total + count, 0);
      return sum === limit ? undefined : `counted ${sum} for a limit of ${limit}`;
    },
    breakage: inConfig(
      /^( *http-request set-var\(txn\.limits\).*)$/,
      '$1\n  http-request track-sc2 var(txn.client),concat("|${HOLDFAST_SELF}|"),concat(,txn.limits) table gateways/minute\n  http-request sc-inc-gpc0(2)',
    ),
  },
  {
    name: "after the time in Retry-After a refused client is served",
    adapt: (file) =>
      file.path.endsWith("/client-limits.map")
        ? few(file)
        : inConfig(/^( *http-request set-var\(txn\.\w+\) .*)\b60\b/, `$1${window}`)(file),
    run: async (bench) => {
      const { model, caller, agent } = slow(bench);
      // From the beginning of a window, where the wait is longest.
      await bench.waitFor(() => (Date.now() / 1000) % window < 0.5);
      let refused: Answer | undefined;
      for (let number = 0; number <= 3 * limit && refused === undefined; number += 1) {
        const answer = await call(caller, { body: chat(model), agent });
        if (answer.status === 429) refused = answer;
      }
      const wait = Number(refused?.headers["retry-after"]);
      if (!(wait >= 1 && wait <= 2 * window)) return `Retry-After is ${wait} with a window of ${window} s`;
      await new Promise((resolve) => setTimeout(resolve, wait * 1000));
      return differs(`after ${wait} s`, await call(caller, { body: chat(model), agent }), 200);
    },
    breakage: inConfig(/,add\(txn\.rest\)/, ""),
  },
  {
    name: "two gateways hold a client to its limit together",
    adapt: few,
    gateways: 2,
    run: async (bench) => {
      const { model, agent } = slow(bench);
      const [one, two] = bench.gateways;
      if (!one || !two) return "there is only one gateway";
      await together(bench, one, two);
      await bench.roomInMinute(30);
      const counted = async (gateway: GatewayProcess): Promise<number> =>
        [...(await gateway.admin("show table gateways/minute")).matchAll(/gpc0=(\d+)/g)].reduce(
          (sum, [, count]) => sum + Number(count),
          0,
        );
      const ask = async (gateway: GatewayProcess): Promise<number> =>
        (await call(bench.caller(bench.slowClient, {}, gateway), { body: chat(model), agent })).status;
      const half = Math.ceil(limit / 2);
      let accepted = 0;
      for (let number = 0; number < half; number += 1) if ((await ask(one)) === 200) accepted += 1;
      // What one has accepted reaches the other within a fraction of a second.
      await bench.waitFor(async () => (await counted(two)) === half);
      for (let number = 0; number <= limit; number += 1) if ((await ask(two)) === 200) accepted += 1;
      if (accepted !== limit) return `the two accepted ${accepted} for a limit of ${limit}`;
      await bench.waitFor(async () => (await counted(one)) === limit);
      const status = await ask(one);
      return status === 429 ? undefined : `the first gateway answered ${status} when the second had used up the limit`;
    },
    breakage: inConfig(/^ *http-request set-var\(txn\.(this|last|recent)\) .*HOLDFAST_PEER_.*$/, ""),
  },
  {
    name: "requests in flight are limited per client",
    run: async (bench) => {
      const { model, caller, share } = slow(bench);
      bench.hold();
      const answers: Answer[] = [];
      const asked = Array.from({ length: share + 1 }, async () => {
        answers.push(await call(caller, { body: chat(model) }));
      });
      // Each is answered or being worked on: nobody was late.
      await bench.waitFor(() => answers.length + bench.running === share + 1);
      bench.release();
      await Promise.all(asked);
      const refused = answers.filter((answer) => answer.status === 429);
      return first(
        refused.length === 1
          ? undefined
          : `${refused.length} of ${share + 1} at once were refused: ${answers.map((answer) => answer.status).join()}`,
        refused[0]?.headers["retry-after"] === "1" ? undefined : "no Retry-After",
      );
    },
    breakage: inConfig(/^ *http-request return status 429 .*in flight.*$/, ""),
  },
  {
    name: "a body of exactly the limit reaches the engine byte for byte; one byte more is 413, announced or chunked, over HTTP/1.1 and HTTP/2",
    run: async (bench) => {
      const limit = bench.compiled.policy.limits?.bodyBytes ?? 1_048_576;
      const fits = sized(bench, limit);
      const tooLarge = sized(bench, limit + 1);
      const accepted = [
        await call(bench.caller(), { body: fits }),
        await call(bench.caller(), { body: fits, chunked: true }),
        await overHttp2(bench, fits),
      ];
      const refused = [
        await tryCall(bench.caller(), { body: tooLarge }),
        await tryCall(bench.caller(), { body: tooLarge, chunked: true }),
        await overHttp2(bench, tooLarge),
      ];
      const twice = await tryCall(bench.caller(), { body: sized(bench, 2 * limit), chunked: true });
      const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
      const arrived = bench.mainEngines.flatMap((engine) => engine.seen).map(({ body }) => hash(body));
      return first(
        ...accepted.map((answer, index) => differs(`exactly the limit (${String(index)})`, answer, 200)),
        arrived.length === 3 && arrived.every((one) => one === hash(fits))
          ? undefined
          : "the body was changed on its way, or came through although too large",
        ...refused.map((answer, index) =>
          differs(`one byte more (${String(index)})`, answer, 413, "request_too_large"),
        ),
        differs("twice the limit, chunked", twice, 413),
      );
    },
    breakage: inConfig(/^ *http-request return status 413 .*body_(size|len).*$/, ""),
  },
  {
    name: "a body in which gateway and engine could read different models is refused",
    run: async (bench) => {
      const model = bench.main.servedModelName;
      const messages = '"messages":[{"role":"user","content":"x"}]';
      const cases: [string, string | Buffer, string][] = [
        ["twice", `{"model":"${model}",${messages},"model":"other"}`, "duplicate_member"],
        ["twice, the allowed one last", `{"model":"other",${messages},"model":"${model}"}`, "duplicate_member"],
        ["twice, once with escapes", `{"model":"${model}",${messages},"mod\\u0065l":"other"}`, "duplicate_member"],
        ["not a text", `{"model":["${model}"],${messages}}`, "invalid_model"],
        ["none", `{${messages}}`, "missing_model"],
        ["only deeper", `{"a":{"model":"${model}"},${messages}}`, "missing_model"],
        [
          "only in a prompt",
          JSON.stringify({ messages: [{ role: "user", content: `"model":"${model}"` }] }),
          "missing_model",
        ],
        ["not JSON", `model=${model}`, "invalid_json"],
        ["cut", `{"model":"${model}"`, "invalid_json"],
        ["two values", `{"model":"${model}"}{"model":"other"}`, "invalid_json"],
        ["a list", `[{"model":"${model}"}]`, "invalid_json"],
        ["nested without end", `{"model":"${model}","a":${"[".repeat(600)}${"]".repeat(600)}}`, "invalid_json"],
        ["UTF-16", Buffer.from(`{"model":"${model}",${messages}}`, "utf16le"), "invalid_json"],
        ["byte order mark", `\ufeff{"model":"${model}",${messages}}`, "invalid_json"],
      ];
      for (const [what, body, code] of cases) {
        const wrong = differs(what, await call(bench.caller(), { body }), 400, code);
        if (wrong !== undefined) return wrong;
      }
      const nested = await call(bench.caller(), {
        body: chat(model, 'say "model": twice', {
          tools: [{ function: { parameters: { properties: { model: {} } } } }],
        }),
      });
      const escaped = await call(bench.caller(), { body: `{"mod\\u0065l":"${model}",${messages}}` });
      return first(
        differs("a tool with a parameter of that name", nested, 200),
        differs("an escaped name, once", escaped, 200),
      );
    },
    breakage: (file) =>
      file.path.endsWith("request-inspector.lua")
        ? file.content.replace("if seen[key] then return nil, 'duplicate_member' end", "")
        : file.content,
  },
  {
    name: "more output than the tier allows is refused, counting n",
    applies: (compiled) => outputLimit(compiled) !== undefined,
    run: async (bench) => {
      const { name, most, model } = outputLimit(bench.compiled) ?? { name: "", most: 0, model: "" };
      const asked = async (more: object): Promise<Answer> => call(bench.caller(name), { body: chat(model, "x", more) });
      return first(
        differs("the limit", await asked({ max_tokens: most }), 200),
        differs("one more", await asked({ max_completion_tokens: most + 1 }), 400, "max_tokens_too_large"),
        differs(
          "twice half and one",
          await asked({ max_tokens: Math.floor(most / 2) + 1, n: 2 }),
          400,
          "max_tokens_too_large",
        ),
      );
    },
    breakage: inConfig(/^ *http-request return status 400 .*max_tokens_too_large.*$/, ""),
  },
  {
    name: "callers that send their request slowly are cut off, in the head and in the body; others are not",
    adapt: inConfig(/(timeout http-request|wait-for-body time) 10s/, "$1 2s"),
    run: async (bench) => {
      const head = `POST /v1/chat/completions HTTP/1.1\r\nhost: ${bench.compiled.policy.hostName}\r\n`;
      const complete = `${head}authorization: Bearer ${bench.key(bench.client)}\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{"model":`;
      const slowHead = trickle(bench, head);
      const slowBody = trickle(bench, complete);
      const other = await call(bench.caller(), { body: chat(bench.main.servedModelName) });
      const [headEnd, bodyEnd] = await Promise.all([slowHead, slowBody]);
      return first(
        differs("another caller meanwhile", other, 200),
        headEnd.startsWith("HTTP/1.1 408") ? undefined : `slow head: ${headEnd.slice(0, 60)}`,
        bodyEnd.startsWith("HTTP/1.1 408") ? undefined : `slow body: ${bodyEnd.slice(0, 60)}`,
      );
    },
    breakage: inConfig(/(timeout http-request|wait-for-body time) 2s/, "$1 100s"),
  },
  {
    name: "one address may hold only so many connections",
    run: async (bench) => {
      const limit = bench.compiled.policy.limits?.connectionsPerSource ?? 256;
      const opened = await Promise.all(Array.from({ length: limit + 5 }, () => tlsSocket(bench)));
      const sockets = opened.filter((socket) => socket !== undefined);
      const refused = opened.length - sockets.length;
      for (const socket of sockets) socket.destroy();
      return sockets.length === limit && refused === 5
        ? undefined
        : `${sockets.length} connections for a limit of ${limit}, ${refused} refused`;
    },
    breakage: inConfig(/^ *tcp-request connection reject if \{ sc0_conn_cur.*$/, ""),
  },
];

/** A client whose tier limits output, and a model it may ask for. */
function outputLimit({ policy, fleets }: CompiledGateway) {
  for (const [name, client] of Object.entries(policy.clients)) {
    const most = policy.tiers[client.tier]?.maxOutputTokens;
    const fleet = fleets.find((one) => one.task === "generate" && client.models.includes(one.servedModelName));
    if (most !== undefined && fleet) return { name, most, model: fleet.servedModelName };
  }
  return undefined;
}

/** The client with the lowest limits, and a model it may ask for. */
function slow(bench: GatewayBench) {
  const { policy, fleets } = bench.compiled;
  const client = policy.clients[bench.slowClient];
  const fleet = fleets.find((one) => one.task === "generate" && client?.models.includes(one.servedModelName));
  const model = fleet?.servedModelName ?? "";
  const share = bench.inFlight(bench.slowClient);
  return {
    model,
    share,
    caller: bench.caller(bench.slowClient),
    agent: bench.agent,
  };
}

/** A chat request of exactly so many bytes. */
function sized(bench: GatewayBench, bytes: number): string {
  const empty = chat(bench.main.servedModelName, "");
  return chat(bench.main.servedModelName, "a".repeat(bytes - empty.length));
}

/** Waits until two gateways exchange counts and have told each other all they knew at the start. */
async function together(bench: GatewayBench, one: GatewayProcess, two: GatewayProcess): Promise<void> {
  await bench.waitFor(
    async () =>
      [await one.admin("show peers"), await two.admin("show peers")].every(
        (text) => text.includes("last_status=ESTA") && /resync_timeout=<(PAST|NEVER)>/.test(text),
      ),
    async () => `gateways did not find each other:\n${await one.admin("show peers")}`,
  );
}

async function overHttp2(bench: GatewayBench, body: string): Promise<Answer> {
  const { port, hostName, ca, certificate, key } = bench.caller();
  const session = connectHttp2(`https://${hostName}:${port}`, {
    ca,
    servername: hostName,
    ...(certificate ? { cert: certificate.certificate, key: certificate.key } : {}),
    createConnection: undefined,
    lookup: (_name, _options, done) => {
      done(null, [{ address: "127.0.0.1", family: 4 }] as never, 4);
    },
  });
  try {
    return await new Promise<Answer>((resolve, reject) => {
      session.on("error", reject);
      const stream = session.request({
        ":method": "POST",
        ":path": "/v1/chat/completions",
        ":authority": hostName,
        authorization: `Bearer ${String(key)}`,
        "content-type": "application/json",
      });
      let status = 0;
      let text = "";
      stream.on("response", (headers) => (status = headers[":status"] ?? 0));
      stream.on("data", (part: Buffer) => (text += part.toString("utf8")));
      stream.on("error", reject);
      // An answer that comes before the whole body has left ends the stream from the other side.
      stream.on("close", () => {
        resolve({ status, headers: {}, text, code: /"code":"([a-z_]+)"/.exec(text)?.[1] });
      });
      stream.end(body);
    });
  } finally {
    session.destroy();
  }
}

/** Sends a beginning and then nothing; returns what came back when the gateway ended it. */
async function trickle(bench: GatewayBench, beginning: string): Promise<string> {
  const socket = await tlsSocket(bench);
  if (!socket) return "no connection";
  return new Promise((resolve) => {
    let text = "";
    socket.on("data", (part: Buffer) => (text += part.toString("utf8")));
    const done = (): void => {
      clearTimeout(patience);
      socket.destroy();
      resolve(text);
    };
    const patience = setTimeout(done, 25 * bench.patience);
    socket.on("close", done);
    socket.on("end", done);
    socket.write(beginning);
  });
}

function tlsSocket(bench: GatewayBench): Promise<TLSSocket | undefined> {
  const { port, hostName, ca, certificate } = bench.caller();
  return new Promise((resolve) => {
    const socket = connect(
      {
        host: "127.0.0.1",
        port,
        servername: hostName,
        ca,
        ALPNProtocols: ["http/1.1"],
        ...(certificate ? { cert: certificate.certificate, key: certificate.key } : {}),
      },
      () => {
        resolve(socket);
      },
    );
    socket.on("error", () => {
      resolve(undefined);
    });
  });
}

import { connect } from "node:tls";
import type { GatewayClient } from "@holdfast/gateway";
import { call, chat, open, plain, tryCall, type Answer } from "./call";
import type { CompiledGateway, GatewayBench } from "./gateway-bench";
import { differs, first, inConfig, type Probe } from "./probe";

const ask = (bench: GatewayBench, more: object = {}): { body: string } => ({
  body: chat(bench.main.servedModelName, "hello", more),
});

/** Who gets in: certificates, keys, paths, models, networks. */
export const accessProbes: readonly Probe[] = [
  {
    name: "a client with key and certificate is served, and the engine sees the gateway's own key and identity headers only",
    run: async (bench) => {
      const headers = {
        "x-forwarded-for": "6.6.6.6",
        "x-real-ip": "6.6.6.6",
        "x-holdfast-client": "admin",
        cookie: "session=1",
        "x-request-id": "mine",
      };
      const answer = await call(bench.caller(), {
        ...ask(bench),
        headers,
        path: "/v1/chat/completions?key=sk-in-query",
      });
      const seen = bench.mainEngines.flatMap((engine) => engine.seen)[0];
      return first(
        differs("a good request", answer, 200),
        answer.headers["x-request-id"] === undefined || answer.headers["x-request-id"] === "mine"
          ? "no request id of the gateway's own"
          : undefined,
        answer.headers.server === undefined ? undefined : "the engine's server header came through",
        seen?.headers.authorization === `Bearer ${bench.engineKey}` ? undefined : "the engine did not get its own key",
        seen?.path === "/v1/chat/completions" ? undefined : `the engine saw ${String(seen?.path)}`,
        seen?.headers["x-forwarded-for"] === "127.0.0.1"
          ? undefined
          : "X-Forwarded-For is not the caller's address alone",
        seen?.headers["x-real-ip"] === "127.0.0.1" ? undefined : "X-Real-IP is the caller's invention",
        seen?.headers["x-holdfast-client"] === bench.client ? undefined : "the client's name is the caller's invention",
        seen?.headers.cookie === undefined ? undefined : "a cookie reached the engine",
      );
    },
    breakage: inConfig("  http-request set-header X-Real-IP %[src]", "  http-request set-header X-Real-IP 6.6.6.6"),
  },
  {
    name: "without a certificate nobody is served",
    applies: mutualTls,
    run: async (bench) => {
      const answer = await tryCall(bench.caller(bench.client, { certificate: undefined }), ask(bench));
      // `refuse-handshake` ends it a step earlier.
      if (bench.compiled.policy.tls?.missingCertificate === "refuse-handshake")
        return typeof answer === "string" ? undefined : `got ${answer.status}`;
      return differs("no certificate", answer, 401, "certificate_required");
    },
    breakage: inConfig(/ if !\{ ssl_c_used \}| verify required(?! verifyhost)/, " if FALSE"),
  },
  {
    name: "a certificate of another CA fails the handshake",
    applies: mutualTls,
    run: async (bench) => {
      const answer = await tryCall(
        bench.caller(bench.client, { certificate: bench.otherAuthority.client("CN=stranger") }),
        ask(bench),
      );
      return typeof answer === "string" ? undefined : `got ${answer.status}`;
    },
    breakage: inConfig(
      / verify (optional|required)(?! verifyhost)/,
      " verify optional crt-ignore-err all ca-ignore-err all",
    ),
  },
  {
    name: "a TLS version below the policy's fails the handshake",
    run: async (bench) => {
      const oldest = bench.compiled.policy.tls?.minimumVersion ?? "1.3";
      const version = await handshake(bench, oldest === "1.3" ? "TLSv1.2" : "TLSv1.1");
      return version === undefined ? undefined : `connected with ${version}`;
    },
    breakage: inConfig(/ssl-min-ver TLSv1\.\d/, "ssl-min-ver TLSv1.0"),
  },
  {
    name: "without a key 401, with an unknown one 401, and the answer says how to send one",
    run: async (bench) => {
      const none = await call(bench.caller(bench.client, { key: undefined }), ask(bench));
      const wrong = await call(bench.caller(bench.client, { key: "sk-wrong" }), ask(bench));
      return first(
        differs("no key", none, 401, "missing_api_key"),
        differs("wrong key", wrong, 401, "invalid_api_key"),
        none.headers["www-authenticate"] === "Bearer" ? undefined : "no WWW-Authenticate header",
      );
    },
    breakage: inConfig(/^ *http-request return status 401 .*(missing_api_key|invalid_api_key).*$/, ""),
  },
  {
    name: "a key is worth nothing with another client's certificate, where the policy binds them",
    applies: (compiled) => boundClient(compiled) !== undefined,
    run: async (bench) => {
      const name = boundClient(bench.compiled) ?? "";
      const model = bench.compiled.policy.clients[name]?.models[0] ?? "";
      const own = await call(bench.caller(name), { body: chat(model) });
      const others = await call(bench.caller(name, { certificate: bench.caller("somebody").certificate }), {
        body: chat(model),
      });
      return first(
        differs("own certificate", own, 200),
        differs("another certificate", others, 403, "certificate_mismatch"),
      );
    },
    breakage: inConfig(/^ *http-request return status 403 .*certificate_mismatch.*$/, ""),
  },
  {
    name: "a client that is bound to its networks is refused from elsewhere",
    applies: ({ policy }) => Object.values(policy.clients).some((client) => client.sources !== undefined),
    adapt: inConfig(" 127.0.0.0/8 }", " }"),
    run: async (bench) => {
      const { clients } = bench.compiled.policy;
      const [name = "", client] = Object.entries(clients).find(([, one]) => one.sources !== undefined) ?? [];
      const answer = await call(bench.caller(name), { body: chat(client?.models[0] ?? "") });
      return differs("from loopback", answer, 403, "source_not_allowed");
    },
    breakage: inConfig(/^ *http-request return status 403 .*source_not_allowed.*$/, ""),
  },
  {
    name: "an expired key is refused",
    run: async (bench) => {
      const { secrets } = bench;
      await bench.gateway.reload({
        ...secrets,
        apiKeys: secrets.apiKeys.map((key) => ({ ...key, lastDay: "2026-01-01" })),
      });
      return differs("expired key", await call(bench.caller(), ask(bench)), 401, "invalid_api_key");
    },
    breakage: inConfig(/^ *http-request return status 401 .*expired.*$/, ""),
  },
  {
    name: "only the OpenAI paths exist, by exact spelling and method; every other route of an engine is 404",
    run: async (bench) => {
      const routes = [
        "/metrics",
        "/version",
        "/load",
        "/docs",
        "/openapi.json",
        "/tokenize",
        "/detokenize",
        "/invocations",
        "/pause",
        "/resume",
      ];
      const more = [
        "/update_weights",
        "/scale_elastic_ep",
        "/server_info",
        "/v1/models/x",
        "/v1/audio/speech",
        "/v1/batches",
        "/v1/files",
        "/ready",
        "/",
      ];
      const spellings = [
        "//v1/chat/completions",
        "/v1/chat/completions/",
        "/v1/../metrics",
        "/v1/%63hat/completions",
        "/V1/chat/completions",
        "/v1/chat/completions;x",
      ];
      for (const path of [...routes, ...more, ...spellings]) {
        for (const method of ["GET", "POST"]) {
          const answer = await call(bench.caller(), { path, method, ...(method === "POST" ? ask(bench) : {}) });
          const wrong = differs(`${method} ${path}`, answer, 404, "unknown_url");
          if (wrong !== undefined) return wrong;
        }
      }
      const methods = await Promise.all(
        ["GET", "PUT", "DELETE", "OPTIONS"].map((method) => call(bench.caller(), { method })),
      );
      return first(...methods.map((answer) => differs("another method", answer, 404)));
    },
    breakage: inConfig(/^ *http-request return status 404 .*if !known_path !own_path$/, ""),
  },
  {
    name: "another host name is refused",
    run: async (bench) =>
      differs(
        "other host",
        await call(bench.caller(), { ...ask(bench), headers: { host: "metadata.internal" } }),
        421,
        "wrong_host",
      ),
    breakage: inConfig(/^ *http-request return status 421 .*$/, ""),
  },
  {
    name: "a client gets its own models and no others, by list and by request",
    run: async (bench) => {
      const { fleets, policy } = bench.compiled;
      for (const [name, client] of Object.entries(policy.clients)) {
        const listed = JSON.parse((await call(bench.caller(name), { method: "GET", path: "/v1/models" })).text) as {
          data?: { id: string }[];
        };
        const ids = (listed.data ?? []).map(({ id }) => id).sort();
        if (ids.join() !== [...client.models].sort().join()) return `${name} is shown ${ids.join(", ")}`;
      }
      const own = policy.clients[bench.client]?.models ?? [];
      const foreign = fleets.find((fleet) => fleet.task === "generate" && !own.includes(fleet.servedModelName));
      const embed = fleets.find((fleet) => fleet.task === "embed" && own.includes(fleet.servedModelName));
      const refused = async (what: string, model: string): Promise<string | undefined> =>
        differs(what, await call(bench.caller(), { body: chat(model) }), 403, "model_not_allowed");
      return first(
        foreign && (await refused("another client's model", foreign.servedModelName)),
        await refused("a model that does not exist", "gpt-4"),
        embed && (await refused("an embedding model on the chat path", embed.servedModelName)),
      );
    },
    breakage: (file) => (file.path.endsWith("/routes.map") ? openRoutes(file.content) : file.content),
  },
  {
    name: "a request never goes to a fleet of a lower class than it names",
    run: async (bench) => {
      const headers = (dataClass: string) => ({ headers: { "x-holdfast-data-class": dataClass } });
      const allowed = bench.compiled.policy.clients[bench.client]?.dataClass ?? "";
      const unknown = await call(bench.caller(), { ...ask(bench), ...headers("top-secret") });
      const own = await call(bench.caller(), { ...ask(bench), ...headers(allowed) });
      return first(
        differs("a class that does not exist", unknown, 403, "model_not_allowed"),
        differs("its own class", own, 200),
      );
    },
    breakage: inConfig(/^ *http-request set-var\(txn\.class\) req\.hdr\(x-holdfast-data-class\).*$/, ""),
  },
  {
    name: "metrics and readiness are on the internal listener and not on the clients' port",
    run: async (bench) => {
      const metrics = await plain(bench.gateway.internalPort, "/metrics");
      const ready = await plain(bench.gateway.internalPort, "/ready");
      const other = await plain(bench.gateway.internalPort, "/v1/models");
      const outside = await Promise.all(
        ["/metrics", "/ready"].map((path) => call(bench.caller(), { method: "GET", path })),
      );
      return first(
        differs("/metrics inside", metrics, 200),
        metrics.text.includes("haproxy_backend_active_servers") ? undefined : "no HAProxy metrics",
        differs("/ready inside", ready, 200),
        differs("/v1/models inside", other, 404),
        ...outside.map((answer) => differs("/metrics or /ready for clients", answer, 404)),
      );
    },
    breakage: inConfig(
      "frontend clients\n",
      "frontend clients\n  http-request use-service prometheus-exporter if { path /metrics }\n",
    ),
  },
  {
    name: "a key that was taken out of the secret is refused after a reload, while a running stream goes on",
    run: async (bench) => {
      const response = await open(bench.caller(), ask(bench, { stream: true }));
      const send = await Promise.race(bench.mainEngines.map((engine) => engine.nextStream()));
      const { secrets } = bench;
      await bench.gateway.reload({ ...secrets, apiKeys: [] });
      const refused = await call(bench.caller(), ask(bench));
      send("after the reload");
      send(null);
      let text = "";
      for await (const part of response) text += String(part);
      return first(
        differs("revoked key", refused, 401, "invalid_api_key"),
        text.includes("after the reload") ? undefined : `the stream was cut: ${text}`,
      );
    },
    breakage: inConfig(/^ *http-request return status 401 .*invalid_api_key.*$/, ""),
  },
  {
    name: "a draining gateway says so to the balancer and goes on serving",
    run: async (bench) => {
      await bench.gateway.admin(`add map ${bench.gateway.folder}/runtime/state.map draining yes`);
      const ready: Answer = await plain(bench.gateway.internalPort, "/ready");
      return first(differs("/ready", ready, 503), differs("a request", await call(bench.caller(), ask(bench)), 200));
    },
    breakage: inConfig(/^ *http-request return status 503 content-type text\/plain string draining.*$/, ""),
  },
];

function mutualTls({ policy }: CompiledGateway): boolean {
  return policy.tls?.clientCertificates !== "off";
}

/** A client whose key works with one certificate only. */
function boundClient({ policy }: CompiledGateway): string | undefined {
  const bound = ([, client]: [string, GatewayClient]): boolean =>
    client.certificateSubject !== undefined && client.keyRef !== undefined;
  return Object.entries(policy.clients).find(bound)?.[0];
}

/** Every client, with every class, on every backend. */
function openRoutes(map: string): string {
  const lines = map.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  const parts = lines.map((line) => line.split("|"));
  const clients = new Set(parts.map(([client = ""]) => client));
  const classes = new Set(parts.map(([, dataClass = ""]) => dataClass));
  const targets = new Set(parts.map((part) => part.slice(2).join("|")));
  return [...clients]
    .flatMap((client) => [...classes].flatMap((one) => [...targets].map((target) => `${client}|${one}|${target}\n`)))
    .join("");
}

/** The version that was agreed on; nothing when the handshake failed. */
function handshake(bench: GatewayBench, maxVersion: "TLSv1.1" | "TLSv1.2"): Promise<string | undefined> {
  const { port, hostName, ca, certificate } = bench.caller();
  return new Promise((resolve) => {
    const socket = connect(
      {
        host: "127.0.0.1",
        port,
        servername: hostName,
        ca,
        minVersion: "TLSv1",
        maxVersion,
        ciphers: "DEFAULT@SECLEVEL=0",
        ...(certificate ? { cert: certificate.certificate, key: certificate.key } : {}),
      },
      () => {
        const version = socket.getProtocol() ?? "an unknown version";
        socket.destroy();
        resolve(version);
      },
    );
    socket.on("error", () => {
      resolve(undefined);
    });
  });
}

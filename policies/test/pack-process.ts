import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";
import { build } from "esbuild";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { PlannedResource } from "../src/graph/planned-resource";

const root = resolve(__dirname, "../..");
const requireHere = createRequire(resolve(root, "policies/package.json"));

/** A note or violation as the engine receives it. */
export interface Diagnostic {
  readonly policy: string;
  readonly urn: string;
  readonly message: string;
  readonly level: "advisory" | "mandatory";
}

/** What the engine learns about a policy. */
export interface PolicyFacts {
  readonly name: string;
  readonly level: analyzer.EnforcementLevel;
  readonly initialConfig: Readonly<Record<string, unknown>>;
  readonly schemaProperties: readonly string[];
}

/** The pack, compiled from its sources and run as the engine runs it: a process of its own that speaks the Analyzer protocol. */
export class PackProcess {
  readonly #process: ChildProcess;
  readonly #client: AnalyzerClient;
  readonly startMs: number;

  private constructor(process: ChildProcess, client: AnalyzerClient, startMs: number) {
    this.#process = process;
    this.#client = client;
    this.startMs = startMs;
  }

  static async start(name: string): Promise<PackProcess> {
    const folder = resolve(root, "node_modules/.cache", `holdfast-pack-${name}`);
    mkdirSync(folder, { recursive: true });
    await build({
      entryPoints: [resolve(root, "policies/src/pack/pack.ts")],
      bundle: true,
      outfile: resolve(folder, "pack.js"),
      format: "cjs",
      platform: "node",
      target: "node20",
      external: ["@pulumi/*"],
      logLevel: "error",
      plugins: [
        {
          name: "sources",
          setup: (bundler) => {
            bundler.onResolve({ filter: /^@holdfast\// }, ({ path }) => ({
              path: resolve(root, "packages", path.slice("@holdfast/".length), "src/index.ts"),
            }));
          },
        },
      ],
    });
    writeFileSync(
      resolve(folder, "package.json"),
      JSON.stringify({ name: "holdfast-pack", version: "0.1.0", main: "pack.js" }),
    );
    writeFileSync(resolve(folder, "PulumiPolicy.yaml"), "runtime: nodejs\nmain: pack.js\n");
    const started = Date.now();
    // No engine listens at this address: the pack does not call it.
    const child = spawn(
      process.execPath,
      [requireHere.resolve("@pulumi/pulumi/cmd/run-policy-pack"), "127.0.0.1:1", folder],
      { cwd: folder, stdio: ["ignore", "pipe", "pipe"] },
    );
    let errors = "";
    child.stderr.on("data", (data: Buffer) => (errors += data.toString()));
    const port = await new Promise<string>((done, failed) => {
      child.stdout.once("data", (data: Buffer) => {
        done(data.toString().trim());
      });
      child.once("exit", (code) => {
        failed(new Error(`the pack ended with ${String(code)}: ${errors}`));
      });
    });
    return new PackProcess(
      child,
      new AnalyzerClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure()),
      Date.now() - started,
    );
  }

  stop(): void {
    this.#client.close();
    this.#process.kill();
  }

  async policies(): Promise<readonly PolicyFacts[]> {
    const info = await call<analyzer.AnalyzerInfo>((done) => this.#client.getAnalyzerInfo(new Empty(), done));
    const initial = info.getInitialconfigMap();
    return info.getPoliciesList().map((policy) => ({
      name: policy.getName(),
      level: policy.getEnforcementlevel(),
      initialConfig: initial.get(policy.getName())?.getProperties()?.toJavaScript() ?? {},
      schemaProperties: Object.keys(policy.getConfigschema()?.getProperties()?.toJavaScript() ?? {}),
    }));
  }

  /** Sends each policy its level and configuration, as the engine does before the first resource. */
  async configure(
    config: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {},
    /** Names in the configuration that no policy has; the engine passes them on. */
    strange: readonly string[] = [],
  ): Promise<void> {
    const stack = new analyzer.AnalyzerStackConfigureRequest();
    stack.setStack("example");
    stack.setProject("example");
    stack.setDryRun(true);
    await call((done) => this.#client.configureStack(stack, done));
    const request = new analyzer.ConfigureAnalyzerRequest();
    const unknown = strange.map((name) => ({ name, level: analyzer.EnforcementLevel.ADVISORY, initialConfig: {} }));
    for (const { name, level, initialConfig } of [...(await this.policies()), ...unknown]) {
      const policy = new analyzer.PolicyConfig();
      policy.setEnforcementlevel(level);
      policy.setProperties(
        Struct.fromJavaScript({ ...initialConfig, ...config[name] } as Parameters<typeof Struct.fromJavaScript>[0]),
      );
      request.getPolicyconfigMap().set(name, policy);
    }
    await call((done) => this.#client.configure(request, done));
  }

  /** Shows one resource before it is made. */
  async analyze(resource: PlannedResource): Promise<readonly Diagnostic[]> {
    const request = new analyzer.AnalyzeRequest();
    describe(request, resource, resource.inputs);
    return diagnostics(
      await call<analyzer.AnalyzeResponse>((done) => this.#client.analyze(request, done)),
      resource.urn,
    );
  }

  /** Shows all resources at the end. A resource's outputs are its inputs here, a component's are what it registered. */
  async analyzeStack(resources: readonly PlannedResource[]): Promise<readonly Diagnostic[]> {
    const request = new analyzer.AnalyzeStackRequest();
    request.setResourcesList(
      resources.map((resource) => {
        const one = new analyzer.AnalyzerResource();
        describe(
          one,
          resource,
          resource.custom ? { ...resource.inputs, ...resource.outputs } : (resource.outputs ?? {}),
        );
        one.setParent(resource.parent ?? "");
        one.setDependenciesList([...resource.dependencies]);
        for (const [property, urns] of Object.entries(resource.propertyDependencies)) {
          const sources = new analyzer.AnalyzerPropertyDependencies();
          sources.setUrnsList([...urns]);
          one.getPropertydependenciesMap().set(property, sources);
        }
        return one;
      }),
    );
    return diagnostics(await call<analyzer.AnalyzeResponse>((done) => this.#client.analyzeStack(request, done)));
  }
}

function describe(
  message: analyzer.AnalyzeRequest | analyzer.AnalyzerResource,
  resource: PlannedResource,
  properties: object,
): void {
  message.setType(resource.type);
  message.setUrn(resource.urn);
  message.setName(resource.name);
  message.setProperties(Struct.fromJavaScript(properties as Parameters<typeof Struct.fromJavaScript>[0]));
  const options = new analyzer.AnalyzerResourceOptions();
  options.setProtect(resource.protect);
  options.setParent(resource.parent ?? "");
  message.setOptions(options);
  if (!resource.custom) return;
  const provider = new analyzer.AnalyzerProviderResource();
  provider.setType(`pulumi:providers:${resource.type.split(":")[0] ?? ""}`);
  provider.setUrn("urn:pulumi:example::example::pulumi:providers:aws::default");
  provider.setName("default");
  provider.setProperties(Struct.fromJavaScript({}));
  message.setProvider(provider);
}

function diagnostics(response: analyzer.AnalyzeResponse, urn = ""): readonly Diagnostic[] {
  return response.getDiagnosticsList().map((one) => ({
    policy: one.getPolicyname(),
    urn: one.getUrn() === "" ? urn : one.getUrn(),
    message: one.getMessage(),
    level: one.getEnforcementlevel() === analyzer.EnforcementLevel.MANDATORY ? "mandatory" : "advisory",
  }));
}

function call<T>(send: (done: (error: grpc.ServiceError | null, reply: T) => void) => unknown): Promise<T> {
  return new Promise((done, failed) => {
    send((error, reply) => {
      if (error === null) done(reply);
      else failed(new Error(error.details));
    });
  });
}

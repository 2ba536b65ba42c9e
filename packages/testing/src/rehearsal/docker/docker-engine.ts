import { request, type RequestOptions } from "node:http";

/** An answer of the Docker engine that says no. */
export class EngineRefusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

export interface EngineImage {
  readonly Id: string;
  readonly RepoDigests?: readonly string[] | null;
}

/** The few calls of a real Docker engine's API that the stand-in makes. It never starts a container and never pulls an image. */
export class DockerEngine {
  readonly #host: URL;

  /** `unix:///path/to/socket` or `tcp://127.0.0.1:2375`, as `DOCKER_HOST` has it. */
  constructor(host: string) {
    this.#host = new URL(host);
  }

  /** The engine's version; `undefined` when none answers. */
  async version(): Promise<string | undefined> {
    try {
      return ((await this.#call("GET", "/version")) as { Version: string }).Version;
    } catch {
      return undefined;
    }
  }

  /** An image that the engine has already. */
  async image(name: string): Promise<EngineImage | undefined> {
    return (await this.#found("GET", `/images/${encodeURIComponent(name)}/json`)) as EngineImage | undefined;
  }

  async createContainer(name: string, body: unknown): Promise<string> {
    return ((await this.#call("POST", `/containers/create?name=${encodeURIComponent(name)}`, body)) as { Id: string })
      .Id;
  }

  async container(id: string): Promise<unknown> {
    return this.#found("GET", `/containers/${id}/json`);
  }

  async removeContainer(id: string): Promise<void> {
    await this.#found("DELETE", `/containers/${id}?force=true`);
  }

  async #found(method: string, path: string): Promise<unknown> {
    try {
      return await this.#call(method, path);
    } catch (error) {
      if (error instanceof EngineRefusal && error.status === 404) return undefined;
      throw error;
    }
  }

  #call(method: string, path: string, body?: unknown): Promise<unknown> {
    const where: RequestOptions =
      this.#host.protocol === "unix:"
        ? { socketPath: this.#host.pathname }
        : { host: this.#host.hostname, port: this.#host.port };
    return new Promise((done, failed) => {
      const call = request(
        { ...where, method, path: `/v1.41${path}`, headers: { "content-type": "application/json" }, timeout: 30_000 },
        (response) => {
          let text = "";
          response.setEncoding("utf8").on("data", (more: string) => (text += more));
          response.on("end", () => {
            const status = response.statusCode ?? 0;
            const answer: unknown = text === "" ? undefined : JSON.parse(text);
            if (status < 400) done(answer);
            else failed(new EngineRefusal(status, (answer as { message?: string } | undefined)?.message ?? text));
          });
        },
      );
      call.on("error", failed);
      call.on("timeout", () => call.destroy(new Error("the Docker engine does not answer")));
      call.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}

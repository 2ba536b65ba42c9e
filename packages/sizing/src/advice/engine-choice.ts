/** What runs the model, where, and for whom. */
export interface EngineQuestion {
  readonly substrate: "aws-ec2" | "aws-eks" | "kubernetes" | "docker";
  readonly gpu: boolean;
  readonly production: boolean;
  /** Requests at once. */
  readonly concurrency: number;
  /** Weights are a GGUF file. */
  readonly gguf?: boolean;
}

export interface EngineAdvice {
  readonly engine: "vllm" | "ollama" | "llamacpp";
  readonly why: string;
}

/** The engine for a substrate and a load. TGI is in maintenance and never recommended. */
export function recommendEngine({
  substrate,
  gpu,
  production,
  concurrency,
  gguf = false,
}: EngineQuestion): EngineAdvice {
  if (!gpu)
    return concurrency <= 1 && !production
      ? {
          engine: "ollama",
          why: "one person on a CPU: the simplest to run; it has no authentication, so it stays behind the gateway",
        }
      : { engine: "llamacpp", why: "on a CPU llama.cpp has slots, metrics and a health route, which Ollama lacks" };
  if (gguf)
    return { engine: "llamacpp", why: "GGUF files on a GPU: llama.cpp reads them natively, with slots and metrics" };
  if (production || concurrency > 4 || substrate !== "docker")
    return {
      engine: "vllm",
      why: `continuous batching and a paged cache: ${production ? "production" : `${concurrency} requests at once`} on a GPU; Ollama runs one request at a time unless told otherwise and has no metrics`,
    };
  return { engine: "ollama", why: "a few people on one GPU: models load on demand" };
}

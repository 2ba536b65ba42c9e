import type { ModelProfile } from "../../profile";
import { cite, described, gpustack, recipe, released, says, scores, vllmTools } from "./cite";

const nemo = cite("mistral.ai/news/mistral-nemo", "2024-07-18");
const gptOss = cite("openai/gpt-oss@0492bd3 README.md", "2025-08-05");
const minimax25 = cite("MiniMax-AI/MiniMax-M2.5@01597af README.md", "2026-02-12");
const gemma3 = cite("developers.cloudflare.com/workers-ai/models/gemma-3-12b-it, which repeats Google's card");
const recipeGemma3 = recipe("Google/gemma-3-12b-it", "53ccf87", "2026-08-18");
const recipeGemma4 = recipe("Google/gemma-4-31B-it", "021a7c0", "2026-04-25");
const recipeGlm5 = recipe("zai-org/GLM-5", "03927c9", "2026-04-17");
const recipeStep = recipe("stepfun-ai/Step-3.7-Flash", "1f2cec1", "2026-05-30");
const recipeMimo = recipe("XiaomiMiMo/MiMo-V2-Flash", "2dc5113", "2026-04-17");
const recipeUltra = recipe("nvidia/NVIDIA-Nemotron-3-Ultra-550B-A55B-BF16", "098454b", "2026-06-03");
const recipeLightning = recipe("nvidia/NVIDIA-Nemotron-3.5-Lightning-30B-A3B-BF16", "015a26c", "2026-09-10");
const recipePhi = recipe("microsoft/Phi-4-mini-instruct", "09f3a12", "2026-04-17");

/** Models of which no source was read: the record stands for its shape, not for what it is good for. */
const unknown = (id: string, publisher: string): ModelProfile => ({ id, publisher, uses: [] });

const gptOssOf = (id: string, text: string): ModelProfile => ({
  id,
  publisher: "OpenAI",
  released: released("2025-08-05"),
  uses: [
    says("reasoning", `adjustable effort; ${text}`, gptOss),
    says("agents", "function calls, browsing, Python, structured outputs", gptOss),
    says("general_chat", "general purpose", gptOss),
  ],
  tools: { use: true, parser: "openai", note: "answers only in the harmony format, which vLLM applies", ...vllmTools },
  context: { native: 131_072, ...gpustack("2025-08-05") },
  licence: gptOss,
});

const gemma3Of = (id: string): ModelProfile => ({
  id,
  publisher: "Google",
  uses: [
    described("general_chat", "question answering, summarisation, reasoning", gemma3),
    described("documentation", "summarisation", gemma3),
    described("vision", "images and text in, text out", gemma3),
  ],
  languages: { codes: ["en"], note: "the card says more than 140 languages without naming them here", ...gemma3 },
  context: { native: 131_072, ...recipeGemma3 },
});

const gemma4Of = (id: string): ModelProfile => ({
  id,
  publisher: "Google",
  released: released("2026-04-02"),
  uses: [
    described("vision", "text and images, video as frames", recipeGemma4),
    described("reasoning", "thinking mode", recipeGemma4),
    described("agents", "a tool protocol of its own", recipeGemma4),
  ],
  tools: {
    use: true,
    parser: "gemma4",
    chatTemplate: "examples/tool_chat_template_gemma4.jinja",
    ...recipeGemma4,
  },
  reasoningParser: { name: "gemma4", ...recipeGemma4 },
  context: { native: 262_144, ...recipeGemma4 },
  licence: gpustack("2026-04-02"),
});

const glm = (id: string, date: string, native: number): ModelProfile => ({
  id,
  publisher: "Z.ai",
  released: released(date),
  uses: [
    described("agents", "agentic capabilities", gpustack(date)),
    described("reasoning", "reasoning", gpustack(date)),
    described("code_generation", "coding", gpustack(date)),
  ],
  tools: { use: true, parser: "glm47", ...gpustack(date) },
  reasoningParser: { name: "glm45", ...gpustack(date) },
  context: { native, ...gpustack(date) },
  licence: gpustack(date),
});

const nemotron3 = (id: string, date: string, languages: number, extended?: number): ModelProfile => ({
  id,
  publisher: "NVIDIA",
  released: released(date),
  uses: [
    described("reasoning", `strong reasoning; ${languages} languages`, gpustack(date)),
    described("agents", "tools, in gpustack's list of capabilities", gpustack(date)),
  ],
  tools: { use: true, note: "the source lists tools without naming a parser", ...gpustack(date) },
  context: {
    native: 262_144,
    ...(extended === undefined ? {} : { extended: { tokens: extended, how: "gpustack's catalogue says 1M" } }),
    ...gpustack(date),
  },
  licence: gpustack(date),
});

const minimax = (
  id: string,
  date: string,
  parsers: { tools: string; reasoning: string },
  native: number,
  uses: ModelProfile["uses"],
): ModelProfile => ({
  id,
  publisher: "MiniMax",
  released: released(date),
  uses,
  tools: { use: true, parser: parsers.tools, ...gpustack(date) },
  reasoningParser: { name: parsers.reasoning, ...gpustack(date) },
  context: { native, ...gpustack(date) },
  licence:
    id === "minimax-m2.7"
      ? cite("MiniMaxAI/MiniMax-M2.7 discussion 5 on the Hugging Face hub, which quotes the licence")
      : id === "minimax-m2.5"
        ? cite("MiniMax-AI/MiniMax-M2.5@60fa60f LICENSE", "2026-02-12")
        : gpustack(date),
});

const m2 = { tools: "minimax_m2", reasoning: "minimax_m2_append_think" };

export const otherProfiles = (): ModelProfile[] => [
  {
    id: "mistral-nemo-12b-instruct-2407",
    publisher: "Mistral AI",
    released: { date: "2024-07-18", ...nemo },
    uses: [
      says("general_chat", "global, multilingual applications; follows instructions over several turns", nemo),
      says("code_generation", "coding among the best of its size at its release", nemo),
      says("agents", "trained on function calling", nemo),
    ],
    languages: { codes: ["en", "fr", "de", "es", "it", "pt", "zh", "ja", "ko", "ar", "hi"], ...nemo },
    tools: {
      use: true,
      parser: "mistral",
      note: "the announcement says function calling; vLLM's page calls further Mistral models compatible",
      ...nemo,
    },
    context: { native: 131_072, ...nemo },
    licence: nemo,
  },
  {
    id: "mistral-7b-instruct-v0.3",
    publisher: "Mistral AI",
    uses: [described("agents", "tool calls confirmed; parallel calls are unreliable", vllmTools)],
    tools: {
      use: true,
      parser: "mistral",
      chatTemplate: "examples/tool_chat_template_mistral_parallel.jinja",
      ...vllmTools,
    },
  },
  unknown("mistral-7b-instruct-v0.2", "Mistral AI"),
  unknown("mixtral-8x7b-instruct-v0.1", "Mistral AI"),
  unknown("mixtral-8x22b-instruct-v0.1", "Mistral AI"),
  gptOssOf("gpt-oss-20b", "lower latency, local or specialised use"),
  gptOssOf("gpt-oss-120b", "production, general purpose, on one 80 GB GPU"),
  ...["gemma-3-4b-it", "gemma-3-12b-it", "gemma-3-27b-it"].map(gemma3Of),
  unknown("gemma-2-9b-it", "Google"),
  unknown("gemma-2-27b-it", "Google"),
  gemma4Of("gemma-4-26b-a4b"),
  gemma4Of("gemma-4-31b-it"),
  {
    id: "phi-4-mini-instruct",
    publisher: "Microsoft",
    uses: [described("general_chat", "conversational, instruction-tuned, lightweight", recipePhi)],
    context: { native: 131_072, ...recipePhi },
  },
  unknown("phi-4", "Microsoft"),
  unknown("phi-3-mini-4k-instruct", "Microsoft"),
  unknown("phi-3.5-mini-instruct", "Microsoft"),
  unknown("starcoder2-15b", "BigCode"),
  unknown("decilm-7b-instruct", "Deci"),
  {
    id: "glm-5",
    publisher: "Z.ai",
    uses: [
      described("reasoning", "best open model for reasoning, coding and agents at its release", recipeGlm5),
      described("code_generation", "best open model for reasoning, coding and agents at its release", recipeGlm5),
      described("agents", "best open model for reasoning, coding and agents at its release", recipeGlm5),
    ],
    tools: { use: true, parser: "glm47", ...recipeGlm5 },
    reasoningParser: { name: "glm45", ...recipeGlm5 },
    context: { native: 202_752, ...recipeGlm5 },
    remoteCode: recipeGlm5,
  },
  glm("glm-5.1", "2026-04-04", 202_752),
  glm("glm-5.2", "2026-06-16", 1_048_576),
  minimax("minimax-m2.5", "2026-02-12", m2, 196_608, [
    scores("code_generation", "SWE-Bench Verified", 80.2, minimax25),
    scores("agents", "BrowseComp, with context management", 76.3, minimax25),
    says("documentation", "trained to write deliverable office documents", minimax25),
    says("code_review", "the whole development cycle, code review included", minimax25),
  ]),
  minimax("minimax-m2.7", "2026-04-09", m2, 204_800, [
    described("code_generation", "optimised for coding", gpustack("2026-04-09")),
    described("agents", "tool use and long-horizon planning", gpustack("2026-04-09")),
  ]),
  minimax("minimax-m3", "2026-06-01", { tools: "minimax_m3", reasoning: "minimax_m3" }, 1_048_576, [
    described("vision", "natively multimodal", gpustack("2026-06-01")),
    described("agents", "tool use", gpustack("2026-06-01")),
    described("code_generation", "frontier coding performance", gpustack("2026-06-01")),
    described("reasoning", "adaptive reasoning modes", gpustack("2026-06-01")),
  ]),
  {
    id: "step-3.7-flash",
    publisher: "StepFun",
    uses: [
      described("vision", "images and text", recipeStep),
      described("reasoning", "three levels of reasoning", recipeStep),
    ],
    tools: { use: true, parser: "step3p5", ...recipeStep },
    reasoningParser: { name: "step3p5", ...recipeStep },
    context: { native: 262_144, ...recipeStep },
    remoteCode: recipeStep,
  },
  {
    id: "mimo-v2-flash",
    publisher: "Xiaomi",
    uses: [
      described("reasoning", "high-speed reasoning", recipeMimo),
      described("agents", "agentic workflows", recipeMimo),
      scores("mathematics", "GSM8K, 5-shot, measured with vLLM", 91.28, { ...recipeMimo }),
    ],
    tools: { use: true, parser: "qwen3_xml", ...recipeMimo },
    reasoningParser: { name: "qwen3", ...recipeMimo },
    context: {
      native: 131_072,
      extended: { tokens: 262_144, how: "the maximum of config.json; the recipe says 128K" },
      ...recipeMimo,
    },
    remoteCode: recipeMimo,
  },
  unknown("mimo-7b-base", "Xiaomi"),
  nemotron3("nemotron-3-nano-30b-a3b", "2025-12-04", 6),
  nemotron3("nemotron-3-super-120b-a12b", "2026-03-10", 7, 1_048_576),
  {
    id: "nemotron-3-ultra-550b-a55b",
    publisher: "NVIDIA",
    uses: [
      described("agents", "long-running agentic reasoning, research and tool use", recipeUltra),
      described("reasoning", "agentic reasoning", recipeUltra),
      described("code_generation", "coding", recipeUltra),
    ],
    tools: { use: true, parser: "qwen3_coder", ...recipeUltra },
    reasoningParser: { name: "nemotron_v3", ...recipeUltra },
    context: { native: 262_144, ...recipeUltra },
    remoteCode: recipeUltra,
  },
  {
    id: "nemotron-3.5-lightning-30b-a3b",
    publisher: "NVIDIA",
    uses: [
      described("agents", "distilled from Nemotron 3 Ultra and trained for popular agent harnesses", recipeLightning),
      described("reasoning", "reasoning that a request can switch off or limit", recipeLightning),
    ],
    tools: { use: true, parser: "qwen3_xml", ...recipeLightning },
    reasoningParser: { name: "nemotron_v3", ...recipeLightning },
    context: { native: 262_144, extended: { tokens: 1_048_576, how: "--max-model-len" }, ...recipeLightning },
  },
  unknown("nemotron-h-56b-base-8k", "NVIDIA"),
  unknown("llama-3.3-nemotron-super-49b-v1", "NVIDIA"),
  {
    id: "nomic-embed-text-v1.5",
    publisher: "Nomic AI",
    released: released("2024-02-14"),
    uses: [described("embeddings", "short and long contexts, above text-embedding-ada-002", gpustack("2024-02-14"))],
    context: { native: 8192, ...gpustack("2024-02-14") },
    licence: gpustack("2024-02-14"),
  },
  {
    id: "bge-large-en-v1.5",
    publisher: "BAAI",
    released: released("2023-09-12"),
    uses: [described("embeddings", "English texts", gpustack("2023-09-12"))],
    languages: { codes: ["en"], ...gpustack("2023-09-12") },
    context: { native: 512, ...gpustack("2023-09-12") },
    licence: gpustack("2023-09-12"),
  },
  {
    id: "bge-m3",
    publisher: "BAAI",
    released: released("2024-01-28"),
    uses: [described("embeddings", "many functions, languages and lengths", gpustack("2024-01-28"))],
    context: { native: 8192, ...gpustack("2024-01-28") },
    licence: gpustack("2024-01-28"),
  },
  {
    id: "bge-reranker-v2-m3",
    publisher: "BAAI",
    released: released("2024-03-19"),
    uses: [described("reranking", "reranker", gpustack("2024-03-19"))],
    licence: gpustack("2024-03-19"),
  },
];

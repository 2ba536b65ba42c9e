import type { ModelProfile } from "../../profile";
import { card, cite, described, gpustack, recipe, released, says, scores, secondRound } from "./cite";

const gemma2 = card("google/gemma-2-9b-it", {
  through: "copies; the same Gemma 2 card stands for every size",
});
const gemma3 = cite("developers.cloudflare.com/workers-ai/models/gemma-3-12b-it, which repeats Google's card");
const gemma3Hub = secondRound(
  cite(
    "huggingface.co/google/gemma-3-1b-it, metadata of the card; the same Gemma 3 card, with its Terms of Use, stands for every size",
  ),
);
const recipeGemma3 = recipe("Google/gemma-3-12b-it", "53ccf87", "2026-08-18");
const recipeGemma4 = recipe("Google/gemma-4-31B-it", "021a7c0", "2026-04-25");
const recipePhi = recipe("microsoft/Phi-4-mini-instruct", "09f3a12", "2026-04-17");
const phi4 = card("microsoft/phi-4", { dated: "2024-12-12" });
const phi4Mini = card("microsoft/Phi-4-mini-instruct@5a14955");
const phi3Mini = card("microsoft/Phi-3-mini-4k-instruct");
const phi35 = card("microsoft/Phi-3.5-mini-instruct");
const phi35Nvidia = cite("build.nvidia.com/microsoft/phi-3_5-mini/modelcard, Microsoft's card", "2024-08-20");
const phi35Azure = cite("Azure/azureml-assets wiki, models-Phi-3.5-mini-instruct");

/** The 23 languages that the cards of Phi-3.5-mini and Phi-4-mini list. */
const phiLanguages = "ar zh cs da nl en fi fr de he hu it ja ko no pl pt ru es sv th tr uk".split(" ");

const gemma2Of = (id: string): ModelProfile => ({
  id,
  publisher: "Google",
  released: { date: "2024-06-27", ...cite("traictory.com/model/gemma-2-27b-it") },
  uses: [
    says("general_chat", "text generation: answering questions, summaries, reasoning", gemma2),
    says("documentation", "summaries", gemma2),
    says("reasoning", "reasoning", gemma2),
  ],
  languages: { codes: ["en"], note: "available in English", ...gemma2 },
  licence: gemma2,
});

const gemma3Of = (id: string): ModelProfile => ({
  id,
  publisher: "Google",
  released: { date: "2025-03-12", ...cite("blog.google/technology/developers/gemma-3", "2025-03-12") },
  uses: [
    says("general_chat", "question answering, summarisation, reasoning", gemma3),
    says("documentation", "summarisation", gemma3),
    says("vision", "images and text in, text out", gemma3),
  ],
  languages: { codes: ["en"], note: "the card says more than 140 languages without naming them here", ...gemma3 },
  context: { native: 131_072, ...recipeGemma3 },
  licence: gemma3Hub,
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

export const googleAndMicrosoftProfiles = (): ModelProfile[] => [
  ...["gemma-3-4b-it", "gemma-3-12b-it", "gemma-3-27b-it"].map(gemma3Of),
  ...["gemma-2-9b-it", "gemma-2-27b-it"].map(gemma2Of),
  ...["gemma-4-26b-a4b", "gemma-4-31b-it"].map(gemma4Of),
  {
    id: "phi-4-mini-instruct",
    publisher: "Microsoft",
    uses: [
      described("general_chat", "conversational, instruction-tuned, lightweight", recipePhi),
      says("general_chat", "general purpose, in many languages, where memory, compute or latency are short", phi4Mini),
      says("reasoning", "strong reasoning, above all mathematics and logic", phi4Mini),
      says("mathematics", "strong reasoning, above all mathematics and logic", phi4Mini),
    ],
    languages: { codes: phiLanguages, ...phi4Mini },
    context: { native: 131_072, ...recipePhi },
    licence: phi4Mini,
  },
  {
    id: "phi-4",
    publisher: "Microsoft",
    released: { date: "2024-12-12", ...phi4 },
    uses: [
      says("general_chat", "general purpose, where memory, compute or latency are short", phi4),
      says("reasoning", "reasoning and logic", phi4),
    ],
    languages: { codes: ["en"], note: "primarily English", ...phi4 },
    context: { native: 16_384, ...phi4 },
    licence: phi4,
  },
  {
    id: "phi-3-mini-4k-instruct",
    publisher: "Microsoft",
    uses: [
      says("general_chat", "general purpose, where memory, compute or latency are short", phi3Mini),
      says("reasoning", "strong reasoning, above all mathematics and logic", phi3Mini),
      says("mathematics", "strong reasoning, above all mathematics and logic", phi3Mini),
    ],
    languages: { codes: ["en"], note: "intended for use in English", ...phi3Mini },
    context: { native: 4096, ...phi3Mini },
    licence: phi3Mini,
  },
  {
    id: "phi-3.5-mini-instruct",
    publisher: "Microsoft",
    released: { date: "2024-08-20", ...phi35Nvidia },
    uses: [
      says("reasoning", "strong reasoning, above all code, mathematics and logic", phi35),
      says("code_generation", "strong reasoning, above all code, mathematics and logic", phi35),
      says("mathematics", "strong reasoning, above all code, mathematics and logic", phi35),
      scores("general_chat", "MGSM, multilingual", 47.9, phi35Azure),
    ],
    languages: { codes: phiLanguages, ...phi35Nvidia },
    context: { native: 131_072, ...phi35Nvidia },
    licence: phi35Nvidia,
  },
];

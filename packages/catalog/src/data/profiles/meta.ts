import type { ModelProfile } from "../../profile";
import { cite, says, scores, vllmTools } from "./cite";

const card2 = cite(
  "meta-llama/llama-models@1f0feb7 models/llama3/MODEL_CARD.md, comparison with Llama 2",
  "2024-04-18",
);
const own2 = cite("meta-llama/llama@0e3444b MODEL_CARD.md");
const card3 = cite("meta-llama/llama-models@1f0feb7 models/llama3/MODEL_CARD.md", "2024-04-18");
const card31 = cite("meta-llama/llama-models@1b28708 models/llama3_1/MODEL_CARD.md", "2024-07-23");
const card32 = cite("meta-llama/llama-models@950dfa0 models/llama3_2/MODEL_CARD_VISION.md", "2024-09-25");
const card33 = cite("meta-llama/llama-models@8c88b8c models/llama3_3/MODEL_CARD.md", "2024-12-06");
const card4 = cite("meta-llama/llama-models@038acb9 models/llama4/MODEL_CARD.md", "2025-04-05");
const cardCode = cite("meta-llama/codellama@1af62e1 MODEL_CARD.md");

const eight = ["en", "de", "fr", "it", "pt", "hi", "es", "th"];
const publicData = "publicly available data; the card says nothing of personal data in it";

/** Llama 3.1 in three sizes, with the figures of the card. */
function llama31(id: string, humanEval: number, math: number, bfcl: number, mgsm: number): ModelProfile {
  return {
    id,
    publisher: "Meta",
    released: { date: "2024-07-23", ...card31 },
    uses: [
      says("general_chat", "instruction-tuned for multilingual, assistant-like chat", card31),
      scores("general_chat", "MGSM, multilingual, chain of thought", mgsm, card31),
      scores("code_generation", "HumanEval, 0-shot", humanEval, card31),
      scores("mathematics", "MATH, chain of thought", math, card31),
      scores("agents", "BFCL, 0-shot", bfcl, card31),
    ],
    languages: { codes: eight, note: "other languages are out of scope without fine-tuning", ...card31 },
    tools: {
      use: true,
      parser: "llama3_json",
      chatTemplate: "examples/tool_chat_template_llama3.1_json.jinja",
      note: "no parallel calls; arguments may come as strings",
      ...vllmTools,
    },
    context: { native: 131_072, ...card31 },
    licence: card31,
    training: { says: publicData, ...card31 },
  };
}

/** Llama 2 chat models: figures as Llama 3's card repeats them. */
function llama2(id: string, humanEval: number, gsm8k: number): ModelProfile {
  return {
    id,
    publisher: "Meta",
    released: { date: "2023-07-18", ...cite("meta-llama/llama-models@7fa8b3b README.md") },
    uses: [
      says("general_chat", "tuned for assistant-like chat in English", own2),
      scores("code_generation", "HumanEval, 0-shot", humanEval, card2),
      scores("mathematics", "GSM-8K, 8-shot", gsm8k, card2),
    ],
    languages: { codes: ["en"], note: "other languages are out of scope", ...own2 },
    context: { native: 4096, ...own2 },
    licence: own2,
    training: { says: "no Meta user data in pretraining or fine-tuning", ...own2 },
  };
}

function codeLlama(id: string, infills: boolean): ModelProfile {
  return {
    id,
    publisher: "Meta",
    uses: [
      says(
        "code_generation",
        "Instruct: code assistance and generation in English and programming languages",
        cardCode,
      ),
      ...(infills ? [says("code_completion", "supports infilling (7B, 13B and 70B do, 34B does not)", cardCode)] : []),
    ],
    languages: { codes: ["en"], note: "other languages are out of scope", ...cardCode },
    context: {
      native: 16_384,
      extended: { tokens: 100_000, how: "the card says up to 100K at inference; config.json stays at 16K" },
      ...cardCode,
    },
    licence: cardCode,
    training: { says: "the same data as Llama 2 with other weights", ...cardCode },
  };
}

function llama4(id: string, native: number, coding: number, multilingual: number, images: number): ModelProfile {
  return {
    id,
    publisher: "Meta",
    released: { date: "2025-04-05", ...card4 },
    uses: [
      says("general_chat", "assistant-like chat and visual reasoning", card4),
      scores("general_chat", "MGSM, multilingual", multilingual, card4),
      scores("code_generation", "LiveCodeBench, 2024-10 to 2025-02", coding, card4),
      scores("vision", "MMMU", images, card4),
    ],
    languages: { codes: ["ar", "en", "fr", "de", "hi", "id", "it", "pt", "es", "tl", "th", "vi"], ...card4 },
    tools: {
      use: true,
      parser: "llama4_pythonic",
      chatTemplate: "examples/tool_chat_template_llama4_pythonic.jinja",
      ...vllmTools,
    },
    context: { native, ...card4 },
    licence: card4,
    training: {
      says: "includes publicly shared posts of Instagram and Facebook and people's interactions with Meta AI",
      ...card4,
    },
  };
}

export const metaProfiles = (): ModelProfile[] => [
  llama31("llama-3.1-8b-instruct", 72.6, 51.9, 76.1, 68.9),
  llama31("llama-3.1-70b-instruct", 80.5, 68, 84.8, 86.9),
  llama31("llama-3.1-405b-instruct", 89, 73.8, 88.5, 91.6),
  {
    id: "llama-3.3-70b-instruct",
    publisher: "Meta",
    released: { date: "2024-12-06", ...card33 },
    uses: [
      says("general_chat", "instruction-tuned for multilingual dialogue", card33),
      scores("general_chat", "MGSM, multilingual", 91.1, card33),
      scores("code_generation", "HumanEval, 0-shot", 88.4, card33),
      scores("mathematics", "MATH, chain of thought", 77, card33),
      scores("agents", "BFCL v2", 77.3, card33),
    ],
    languages: { codes: eight, note: "other languages are strongly discouraged without fine-tuning", ...card33 },
    tools: {
      use: true,
      note: "the card reports BFCL v2; vLLM's page names a parser for 3.1, 3.2 and 4 only",
      ...card33,
    },
    context: { native: 131_072, ...card33 },
    licence: card33,
    training: { says: publicData, ...card33 },
  },
  {
    id: "llama-3-8b-instruct",
    publisher: "Meta",
    released: { date: "2024-04-18", ...card3 },
    uses: [
      says("general_chat", "instruction-tuned for assistant-like chat in English", card3),
      scores("code_generation", "HumanEval, 0-shot", 62.2, card3),
      scores("mathematics", "MATH, 4-shot", 30, card3),
    ],
    languages: { codes: ["en"], note: "other languages are out of scope", ...card3 },
    context: { native: 8192, ...card3 },
    licence: card3,
    training: { says: "no Meta user data in pretraining or fine-tuning", ...card3 },
  },
  {
    id: "llama-3.2-11b-vision-instruct",
    publisher: "Meta",
    released: { date: "2024-09-25", ...card32 },
    uses: [
      says("vision", "visual recognition, image reasoning, captioning, chat with images", card32),
      scores("vision", "DocVQA, test", 88.4, card32),
      scores("mathematics", "MATH, chain of thought", 51.9, card32),
      scores("general_chat", "MGSM, multilingual", 68.9, card32),
    ],
    languages: { codes: eight, note: "with images English only", ...card32 },
    context: { native: 131_072, ...card32 },
    licence: card32,
  },
  codeLlama("codellama-7b-instruct", true),
  codeLlama("codellama-13b-instruct", true),
  codeLlama("codellama-34b-instruct", false),
  llama2("llama-2-7b-chat", 7.9, 25.7),
  llama2("llama-2-13b-chat", 14, 41.2),
  llama2("llama-2-70b-chat", 25.6, 57.5),
  llama4("llama-4-scout", 10_485_760, 32.8, 90.6, 69.4),
  llama4("llama-4-maverick", 1_048_576, 43.4, 92.3, 73.4),
];

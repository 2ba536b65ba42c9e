import type { Sourced } from "./record";

export interface LicenceRecord extends Sourced {
  readonly id: string;
  readonly name: string;
  /** May be used in a commercial service. */
  readonly commercial: "yes" | "conditions" | "no";
  /** What a user has to do or keep to. */
  readonly obligations: readonly string[];
}

const source = "text of the licence, summarised; have counsel confirm";
const asOf = "2026-11-20";
const metaObligations = [
  'state "Built with" and the model\'s name where it is used',
  "pass the licence on with the weights",
  "keep to the acceptable use policy",
  "a separate licence above 700 million monthly users",
];

/** Licences of the catalogue's models. */
export const licences: readonly LicenceRecord[] = [
  {
    id: "apache-2.0",
    name: "Apache License 2.0",
    commercial: "yes",
    obligations: ["keep licence and notices with copies"],
    source,
    asOf,
  },
  {
    id: "mit",
    name: "MIT License",
    commercial: "yes",
    obligations: ["keep licence and copyright with copies"],
    source,
    asOf,
  },
  {
    id: "modified-mit",
    name: "Modified MIT (Kimi)",
    commercial: "conditions",
    obligations: ["show the model's name in products above 100 million monthly users or $20 million monthly revenue"],
    source,
    asOf,
  },
  {
    id: "llama-2",
    name: "Llama 2 Community License",
    commercial: "conditions",
    obligations: metaObligations.slice(1),
    source,
    asOf,
  },
  {
    id: "llama-3",
    name: "Meta Llama 3 Community License",
    commercial: "conditions",
    obligations: metaObligations,
    source,
    asOf,
  },
  {
    id: "llama-3.1",
    name: "Llama 3.1 Community License",
    commercial: "conditions",
    obligations: metaObligations,
    source,
    asOf,
  },
  {
    id: "llama-3.2",
    name: "Llama 3.2 Community License",
    commercial: "conditions",
    obligations: [
      ...metaObligations,
      "multimodal models are not licensed to people or companies based in the European Union",
    ],
    source,
    asOf,
  },
  {
    id: "llama-3.3",
    name: "Llama 3.3 Community License",
    commercial: "conditions",
    obligations: metaObligations,
    source,
    asOf,
  },
  {
    id: "llama-4",
    name: "Llama 4 Community License",
    commercial: "conditions",
    obligations: [
      ...metaObligations,
      "multimodal models are not licensed to people or companies based in the European Union",
    ],
    source,
    asOf,
  },
  {
    id: "nvidia-open",
    name: "NVIDIA Open Model License",
    commercial: "conditions",
    obligations: ["pass the licence on with the weights", "keep the guardrails or the licence ends"],
    source,
    asOf,
  },
  {
    id: "gemma",
    name: "Gemma Terms of Use",
    commercial: "conditions",
    obligations: ["pass the terms and use restrictions on"],
    source,
    asOf,
  },
  {
    id: "qwen",
    name: "Qwen License",
    commercial: "conditions",
    obligations: [
      "a separate licence above 100 million monthly users",
      'state "Built with Qwen" when a product is made with it',
    ],
    source,
    asOf,
  },
  {
    id: "deepseek",
    name: "DeepSeek Model License",
    commercial: "conditions",
    obligations: ["pass the use restrictions on"],
    source,
    asOf,
  },
  {
    id: "bigcode-openrail-m",
    name: "BigCode OpenRAIL-M v1",
    commercial: "conditions",
    obligations: ["pass the use restrictions on"],
    source,
    asOf,
  },
];

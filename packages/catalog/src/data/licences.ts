import type { LicenceRecord, Obligation, UseLimit } from "../licence";

const asOf = "2026-11-21";
const scancode = (name: string) => `licence text ${name} in scancode-toolkit-mini 32.5.0`;
const meta = (folder: string, version: string) =>
  `meta-llama/llama-models ${folder}/LICENSE and USE_POLICY.md (${version})`;

const keepNotice: Obligation = {
  kind: "keep-notice",
  applies: "distribution",
  text: "keep licence and copyright notices with copies",
  clause: "conditions of the licence",
};

const metaObligations: readonly Obligation[] = [
  {
    kind: "pass-on",
    applies: "distribution",
    text: "give a copy of the licence with the weights or a product that contains them",
    clause: "1.b.i",
  },
  {
    kind: "display",
    applies: "distribution",
    text: 'show "Built with Llama" on a page, interface or in the documentation of a product made available to others',
    clause: "1.b.i",
  },
  {
    kind: "name-derivatives",
    applies: "distribution",
    text: 'a model trained with it or its outputs and given to others has a name that starts with "Llama"',
    clause: "1.b.i",
  },
  {
    kind: "keep-notice",
    applies: "distribution",
    text: "keep the attribution in a Notice file with copies",
    clause: "1.b.iii",
  },
  {
    kind: "use-policy",
    applies: "always",
    text: "keep to the law and to the acceptable use policy",
    clause: "1.b.iv",
  },
  {
    kind: "threshold",
    applies: "large",
    text: "ask Meta for a licence above 700 million monthly users (counted at the release of the version)",
    clause: "2",
  },
];

const metaUseLimits: readonly UseLimit[] = [
  {
    about: "personal-data",
    text: "no collecting, processing or inferring of health, demographic or other sensitive data about people without the rights and consents that the law requires",
    clause: "acceptable use policy, violating the law or others' rights",
  },
  {
    about: "professions",
    text: "no unauthorised or unlicensed practice of a profession: financial, legal, medical",
    clause: "acceptable use policy, violating the law or others' rights",
  },
  {
    about: "critical-infrastructure",
    text: "not for the operation of critical infrastructure, transport technology or heavy machinery",
    clause: "acceptable use policy, risk of death or bodily harm",
  },
];

const nvidiaOpenObligations: readonly Obligation[] = [
  {
    kind: "pass-on",
    applies: "distribution",
    text: 'give a copy of the agreement and a Notice file: "Licensed by NVIDIA Corporation under the NVIDIA Open Model License"',
    clause: "3",
  },
  {
    kind: "revocable",
    applies: "always",
    text: "the rights end if a guardrail, authentication or other technical limit in the model is bypassed, or when one sues over it",
    clause: "2.1",
  },
  {
    kind: "use-policy",
    applies: "always",
    text: "use has to agree with NVIDIA's Trustworthy AI terms",
    clause: "2, AI ethics",
  },
];

/** The policies of Llama 3.2 and Llama 4. */
const notInEurope: Obligation = {
  kind: "territory",
  applies: "eu",
  text: "multimodal models are not licensed to people living in, or companies with their principal place of business in, the European Union",
  clause: "acceptable use policy, last paragraph",
};

const openRailLimits: readonly UseLimit[] = [
  {
    about: "personal-data",
    text: "no generating or spreading of personal data that can be used to harm a person",
    clause: "attachment A",
  },
  {
    about: "medical-advice",
    text: "no medical advice or reading of medical results in place of a professional",
    clause: "attachment A (m)",
  },
  {
    about: "automated-decisions",
    text: "no fully automated decisions in justice, law enforcement, immigration or asylum",
    clause: "attachment A (n)",
  },
];

export const licenceRecords: readonly LicenceRecord[] = [
  {
    id: "apache-2.0",
    name: "Apache License 2.0",
    commercial: "yes",
    obligations: [{ ...keepNotice, clause: "4" }],
    useLimits: [],
    source: "apache.org/licenses/LICENSE-2.0",
    asOf,
  },
  {
    id: "mit",
    name: "MIT License",
    commercial: "yes",
    obligations: [keepNotice],
    useLimits: [],
    source: "opensource.org/license/mit",
    asOf,
  },
  {
    id: "modified-mit",
    name: "Modified MIT (Kimi K2)",
    commercial: "conditions",
    obligations: [
      keepNotice,
      {
        kind: "display",
        applies: "large",
        text: "show the model's name in products above 100 million monthly users or $20 million monthly revenue",
        clause: "last paragraph",
      },
    ],
    useLimits: [],
    source: scancode("moonshot-ai-modified-mit-2025"),
    asOf,
  },
  {
    id: "minimax-modified-mit",
    name: "Modified MIT (MiniMax M2.5)",
    commercial: "conditions",
    obligations: [
      keepNotice,
      {
        kind: "display",
        applies: "commercial",
        text: 'show "MiniMax M2.5" in the user interface of every commercial product or service that uses it',
        clause: "last paragraph",
      },
    ],
    useLimits: [],
    source: "MiniMax-AI/MiniMax-M2.5@60fa60f LICENSE",
    asOf,
  },
  {
    id: "minimax-non-commercial",
    name: "MiniMax M2.7 Non-Commercial License",
    commercial: "no",
    obligations: [
      keepNotice,
      {
        kind: "authorisation",
        applies: "commercial",
        text: "no commercial use without MiniMax's prior written permission; running it to support a commercial service counts",
        clause: "3 and 4",
      },
      {
        kind: "display",
        applies: "commercial",
        text: 'show "Built with MiniMax M2.7" where the permission was given',
        clause: "2",
      },
    ],
    useLimits: [],
    source: "licence text quoted in MiniMaxAI/MiniMax-M2.7 discussion 5 on the Hugging Face hub, and on gnu.support",
    asOf,
  },
  {
    id: "minimax-community",
    name: "MiniMax Community License (M3)",
    commercial: "unknown",
    obligations: [],
    useLimits: [],
    source: "gpustack 2.3.0 model-catalog.yaml names it",
    asOf,
    unverified: "the text was not read: read it before any use",
  },
  {
    id: "kimi-k3",
    name: "Kimi K3 License",
    commercial: "unknown",
    obligations: [],
    useLimits: [],
    source: "gpustack 2.3.0 model-catalog.yaml names it",
    asOf,
    unverified: "the text was not read: read it before any use",
  },
  {
    id: "llama-2",
    name: "Llama 2 Community License",
    commercial: "conditions",
    obligations: [
      ...metaObligations.filter(({ kind }) => kind !== "display" && kind !== "name-derivatives"),
      {
        kind: "use-policy",
        applies: "always",
        text: "not to be used, nor its outputs, to improve any other large language model than Llama 2",
        clause: "1.b.v",
      },
    ],
    useLimits: metaUseLimits,
    source: scancode("llama-2-license-2023"),
    asOf,
    unverified: "use limits: taken from the policies of Llama 3.1, whose wording is shared",
  },
  {
    id: "llama-3",
    name: "Meta Llama 3 Community License",
    commercial: "conditions",
    obligations: metaObligations,
    useLimits: metaUseLimits,
    source: "meta-llama/llama-models models/llama3 MODEL_CARD.md and USE_POLICY.md; obligations as in Llama 3.1",
    asOf,
    unverified: "obligations: taken from Llama 3.1, whose licence follows it",
  },
  {
    id: "llama-3.1",
    name: "Llama 3.1 Community License",
    commercial: "conditions",
    obligations: metaObligations,
    useLimits: metaUseLimits,
    source: meta("models/llama3_1", "47401a8, 2024-07-23"),
    asOf,
  },
  {
    id: "llama-3.2",
    name: "Llama 3.2 Community License",
    commercial: "conditions",
    obligations: [...metaObligations, notInEurope],
    useLimits: metaUseLimits,
    source: meta("models/llama3_2", "fc5d544, 2024-09-25"),
    asOf,
  },
  {
    id: "llama-3.3",
    name: "Llama 3.3 Community License",
    commercial: "conditions",
    obligations: metaObligations,
    useLimits: metaUseLimits,
    source: scancode("llama-3.3-license-2024"),
    asOf,
  },
  {
    id: "llama-4",
    name: "Llama 4 Community License",
    commercial: "conditions",
    obligations: [...metaObligations, notInEurope],
    useLimits: metaUseLimits,
    source:
      "meta-llama/llama-models@9cb02ae models/llama4/LICENSE, @b4b6607 models/llama4_jax/USE_POLICY.md (2025-04-05)",
    asOf,
  },
  {
    id: "nvidia-open",
    name: "NVIDIA Open Model License",
    commercial: "yes",
    obligations: nvidiaOpenObligations,
    useLimits: [],
    source: scancode("nvidia-open-model-2025-04-28"),
    asOf,
    unverified: "the Trustworthy AI terms were not read",
  },
  {
    id: "nvidia-nemotron-open",
    name: "NVIDIA Nemotron Open Model License",
    commercial: "yes",
    obligations: [
      {
        kind: "pass-on",
        applies: "distribution",
        text: 'give a copy of the licence and a Notice file: "Licensed by NVIDIA Corporation under the NVIDIA Nemotron Model License"',
        clause: "3",
      },
    ],
    useLimits: [],
    source:
      "nvidia.com/en-us/agreements/enterprise-software/nvidia-nemotron-open-model-license (2025-12-15), as two public licence reviews of 2026 quote it",
    asOf,
    unverified: "the text was read in quotations, not whole",
  },
  {
    id: "nvidia-open-and-llama-3.3",
    name: "NVIDIA Open Model License and Llama 3.3 Community License",
    commercial: "conditions",
    obligations: [...nvidiaOpenObligations, ...metaObligations],
    useLimits: metaUseLimits,
    source: `${scancode("nvidia-open-model-2025-04-28")} and llama-3.3-license-2024; the model card names both`,
    asOf,
    unverified: "NVIDIA's Trustworthy AI terms were not read",
  },
  {
    id: "nvidia-internal-research",
    name: "NVIDIA Internal Scientific Research and Development Model License",
    commercial: "no",
    obligations: [
      {
        kind: "authorisation",
        applies: "always",
        text: "internal scientific research and development only, never in production; neither the model nor one derived from it may be deployed or given to others",
        clause: "2 and 3.1",
      },
    ],
    useLimits: [],
    source:
      "nvidia.com/en-us/agreements/enterprise-software/nvidia-internal-scientific-research-and-development-model-license, clauses as a public licence record of 2026-08-26 quotes them",
    asOf,
    unverified: "the text was read in quotations, not whole",
  },
  {
    id: "openmdw-1.1",
    name: "OpenMDW License Agreement 1.1",
    commercial: "yes",
    obligations: [
      {
        ...keepNotice,
        text: "keep the agreement and all notices of copyright and origin with copies",
        clause: "paragraph 4",
      },
    ],
    useLimits: [],
    source:
      "OpenMDW/OpenMDW@3cc35d3 LICENSE (1.0) and @9067ba5 1.1/FAQ-1.1.md, which names the one word that 1.1 changes",
    asOf,
  },
  {
    id: "gemma",
    name: "Gemma Terms of Use",
    commercial: "conditions",
    obligations: [
      {
        kind: "pass-on",
        applies: "distribution",
        text: "bind whoever receives the model, or uses it as a hosted service, to the use restrictions",
        clause: "3.1",
      },
      {
        kind: "keep-notice",
        applies: "distribution",
        text: "give the terms and a Notice file with copies",
        clause: "3.1",
      },
      { kind: "use-policy", applies: "always", text: "keep to the prohibited use policy", clause: "3.2" },
      {
        kind: "revocable",
        applies: "always",
        text: "Google may restrict the use, remotely or otherwise, where it reasonably believes the terms are broken",
        clause: "3.2",
      },
    ],
    useLimits: [
      {
        about: "personal-data",
        text: "no gathering, processing or inferring of sensitive personal data without the rights and consents that the law requires",
        clause: "prohibited use policy",
      },
      {
        about: "automated-decisions",
        text: "no automated decisions that affect a person's rights or well-being: finance, law, employment, health, housing, insurance, welfare",
        clause: "prohibited use policy",
      },
      {
        about: "professions",
        text: "no unauthorised or unlicensed practice of a profession",
        clause: "prohibited use policy",
      },
    ],
    source: `${scancode("gemma-tou-2025-03-24")}, gemma-pup-2024-02-21`,
    asOf,
  },
  {
    id: "qwen",
    name: "Qwen License",
    commercial: "conditions",
    obligations: [
      { ...keepNotice, text: "keep the attribution in a Notice file with copies", clause: "3" },
      {
        kind: "threshold",
        applies: "large",
        text: "ask for a licence above 100 million monthly users of the product",
        clause: "4",
      },
      {
        kind: "display",
        applies: "distribution",
        text: 'show "Built with Qwen" or "Improved using Qwen" with a model trained with it or its outputs',
        clause: "5.b",
      },
    ],
    useLimits: [],
    source: scancode("qwen-2024"),
    asOf,
  },
  {
    id: "tongyi-qianwen",
    name: "Tongyi Qianwen License",
    commercial: "conditions",
    obligations: [
      {
        ...keepNotice,
        text: "keep the attribution in a Notice file, and mark changed files, with copies",
        clause: "3",
      },
      {
        kind: "threshold",
        applies: "large",
        text: "ask for a licence above 100 million monthly users of the product",
        clause: "4",
      },
      {
        kind: "use-policy",
        applies: "always",
        text: "neither the model nor its outputs may improve a language model other than Qwen",
        clause: "5.b",
      },
    ],
    useLimits: [],
    source: scancode("tongyi-qianwen-2023"),
    asOf,
  },
  {
    id: "deepseek",
    name: "DeepSeek Model License",
    commercial: "conditions",
    obligations: [
      {
        kind: "pass-on",
        applies: "distribution",
        text: "put the use restrictions into the agreement with every user, of a hosted service as well, and give a copy of the licence",
        clause: "4.a, 4.b, 5",
      },
      keepNotice,
      { kind: "use-policy", applies: "always", text: "keep to the use restrictions", clause: "attachment A" },
      {
        kind: "revocable",
        applies: "always",
        text: "DeepSeek may restrict, remotely or otherwise, a use that breaks the licence",
        clause: "7",
      },
    ],
    useLimits: [
      {
        about: "personal-data",
        text: "the model may contain personal data and the licence gives no legal basis to process it; no spreading of personal data without authority",
        clause: "9 and attachment A",
      },
      {
        about: "automated-decisions",
        text: "no fully automated decisions that harm a person's legal rights or create a binding obligation",
        clause: "attachment A",
      },
    ],
    source: "deepseek-ai/DeepSeek-V3@0c23830 LICENSE-MODEL (1.0, 2023-10-23)",
    asOf,
  },
  {
    id: "bigcode-openrail-m",
    name: "BigCode OpenRAIL-M v1",
    commercial: "conditions",
    obligations: [
      {
        kind: "pass-on",
        applies: "distribution",
        text: "bind whoever receives the model, or uses it as a hosted service, to the same restrictions",
        clause: "5.1",
      },
      { kind: "use-policy", applies: "always", text: "keep to the use restrictions", clause: "4 and attachment A" },
      {
        kind: "revocable",
        applies: "always",
        text: "the licensor may restrict, remotely or otherwise, a use that breaks the licence",
        clause: "7",
      },
    ],
    useLimits: openRailLimits,
    source: scancode("bigcode-open-rail-m-v1"),
    asOf,
  },
];

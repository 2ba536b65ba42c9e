import type { DecisionInputs } from "./decision-sheet";

type DataClass = DecisionInputs["dataClass"];

/** The sources' words for data and the class that each is (requirement APP-R03). Drafts of marketing and support are judged as internal. */
const classOfWord: Readonly<Record<string, DataClass>> = {
  public: "public",
  marketing: "internal",
  "support drafts": "internal",
  internal: "internal",
  proprietary: "confidential",
  confidential: "confidential",
  pii: "restricted",
  phi: "restricted",
  secret: "restricted",
  regulated: "restricted",
  restricted: "restricted",
};

/** The data class that a word of the sources means; a word that nobody knows is the strictest. */
export function dataClassOf(word: string): DataClass {
  return classOfWord[word.trim().toLowerCase()] ?? "restricted";
}

/** Requests in a month of production above which the sources host themselves. */
export const hybridVolume = 1_000_000;

/** One kind of request, to be sent to one's own models or to a provider. */
export interface HybridQuestion {
  /** A class, or a word of the sources such as `PII`. */
  readonly data: string;
  readonly stage: "development" | "production";
  /** Requests a month. */
  readonly volume: number;
}

export interface HybridPlace {
  readonly place: "self-hosted" | "cloud allowed";
  /** The sources' word for how binding that is; absent for what no rule names. */
  readonly rule?: "MUST" | "SHOULD" | "MAY";
  readonly why: string;
}

/** Where a kind of request belongs when both are there (requirement APP-R02): the first rule that applies, self-hosted where none does. */
export function hybridPlace({ data, stage, volume }: HybridQuestion): HybridPlace {
  const dataClass = dataClassOf(data);
  if (dataClass === "confidential" || dataClass === "restricted")
    return { place: "self-hosted", rule: "MUST", why: `${data} is ${dataClass}: it stays inside` };
  if (stage === "production" && volume > hybridVolume)
    return {
      place: "self-hosted",
      rule: "SHOULD",
      why: `${volume.toLocaleString("en-US")} requests in production, more than ${hybridVolume.toLocaleString("en-US")}`,
    };
  if (dataClass === "public" && stage === "development")
    return { place: "cloud allowed", rule: "MAY", why: "public data in development" };
  return { place: "self-hosted", why: "no rule of the sources allows a provider" };
}

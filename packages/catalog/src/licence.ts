import { licenceRecords } from "./data/licences";
import type { Sourced } from "./record";

export const obligationKinds = [
  "keep-notice",
  "pass-on",
  "display",
  "name-derivatives",
  "use-policy",
  "threshold",
  "territory",
  "authorisation",
  "revocable",
] as const;

export const useLimitKinds = [
  "personal-data",
  "professions",
  "automated-decisions",
  "medical-advice",
  "critical-infrastructure",
] as const;

/** What a licensee has to do, or may not do, and when it applies. */
export interface Obligation {
  /**
   * `keep-notice`: licence and notices go with copies. `pass-on`: the licence itself, or its use restrictions, bind whoever receives the
   * weights or uses the service. `display`: a name has to be shown. `name-derivatives`: models trained with it carry its name. `use-policy`:
   * listed uses are forbidden. `threshold`: a separate licence above a size. `territory`: not granted to some. `authorisation`: written
   * permission first. `revocable`: the publisher may end or restrict the use.
   */
  readonly kind: (typeof obligationKinds)[number];
  /** Who it concerns: everyone, those who give copies or a service to others, those above a size, those in the European Union. */
  readonly applies: "always" | "distribution" | "commercial" | "large" | "eu";
  readonly text: string;
  /** Where in the licence or its policy. */
  readonly clause: string;
}

/** What a licence's rules of use say about the data that a model handles. */
export interface UseLimit {
  readonly about: (typeof useLimitKinds)[number];
  readonly text: string;
  readonly clause: string;
}

export interface LicenceRecord extends Sourced {
  readonly id: string;
  readonly name: string;
  /** May be used in a commercial service. `no`: not without a written permission. `unknown`: the text was not read. */
  readonly commercial: "yes" | "conditions" | "no" | "unknown";
  /** What a user has to do or keep to; empty where nothing is asked, or where the text was not read. */
  readonly obligations: readonly Obligation[];
  /** Uses that the licence or its policy restricts, as far as they concern data. */
  readonly useLimits: readonly UseLimit[];
  /** What in this record rests on no text that was read. */
  readonly unverified?: string;
}

/** Licences of the catalogue's models. Summaries for choosing: counsel confirms. */
const licenceList: LicenceRecord[] = [...licenceRecords];
export const licences: readonly LicenceRecord[] = licenceList;

/** Licences of one's own, beside the built-in ones. */
export function useOwnLicences(own: readonly LicenceRecord[]): void {
  licenceList.splice(0, licenceList.length, ...licenceRecords, ...own);
}

/** A licence by id. */
export function findLicence(id: string): LicenceRecord | undefined {
  return licences.find((one) => one.id === id.toLowerCase());
}

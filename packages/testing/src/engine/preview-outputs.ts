import { signatureKey, signatures, unknownValue } from "@holdfast/policies";
import type { AnswerValues } from "../plan";
import type { Registration, WireProperties } from "./registration";

/** A preview's outputs: the inputs, what the answers add, and a secret mark on what the resource declares secret. */
export function outputsOf(registration: Registration, answered: AnswerValues | undefined): WireProperties {
  const outputs: WireProperties = { ...registration.properties, ...answered };
  for (const key of registration.options.additionalSecretOutputs) {
    const value = outputs[key] ?? unknownValue;
    const secret = typeof value === "object" && (value as WireProperties)[signatureKey] === signatures.secret;
    outputs[key] = secret ? value : { [signatureKey]: signatures.secret, value };
  }
  return outputs;
}

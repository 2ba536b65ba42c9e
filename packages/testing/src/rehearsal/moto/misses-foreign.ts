import type { PretendCloud } from "../pretend-cloud";
import type { Properties } from "../provider";
import { ProviderRefusal } from "../terraform/provider-resources";

const notThere = /not ?found|does not exist|no such/i;
/** Ids like `tgw-0123456789abcdef0`, and names of AWS's own. */
const reference = /^(?:[a-z]+-[0-9a-f]{8,17}|arn:aws[\w-]*:.*)$/;

/**
 * Why the emulator could not make this although nothing is wrong with it: it names something that somebody else owns, or that was made up
 * because the emulator has none of it. `undefined` for every other refusal.
 */
export function missesForeign(error: unknown, inputs: Properties, cloud: PretendCloud): string | undefined {
  if (!(error instanceof ProviderRefusal) || !notThere.test(error.message)) return undefined;
  const named = textsOf(inputs).filter((text) => reference.test(text) && error.message.includes(text));
  for (const name of named) {
    const owner = cloud.resources.find(({ id, outputs }) => id === name || Object.values(outputs).includes(name));
    if (owner === undefined) return `moto does not have ${name}, which belongs to somebody else`;
    if (owner.real === undefined) return `moto does not have ${name}: ${owner.type} was made up`;
  }
  return undefined;
}

function textsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

import type { PlannedResource } from "../graph/planned-resource";
import { parseCidr, unite, type AddressSet } from "../addresses/address-set";
import { isHidden, objects, text, type Facts } from "./facts";
import { tokens } from "./tokens";

/** The managed prefix lists of the program. */
export class PrefixLists {
  readonly #entries = new Map<string, { addresses: AddressSet; unknown: boolean }>();

  constructor(private readonly facts: Facts) {}

  /** The entries of a prefix list that the program makes, inline and split. */
  entries(list: PlannedResource): { addresses: AddressSet; unknown: boolean } {
    const known = this.#entries.get(list.urn);
    if (known !== undefined) return known;
    const blocks: string[] = objects(list.inputs, "entries").flatMap((entry) => text(entry, "cidr") ?? []);
    let unknown = isHidden(list.inputs, "entries");
    for (const entry of this.facts.of(tokens.prefixListEntry)) {
      if (!this.facts.join(entry, "prefixListId", tokens.prefixList).resources.includes(list)) continue;
      const block = text(entry.inputs, "cidr");
      if (block === undefined) unknown = true;
      else blocks.push(block);
    }
    const result = { addresses: unite(...blocks.flatMap((block) => parseCidr(block) ?? [])), unknown };
    this.#entries.set(list.urn, result);
    return result;
  }
}

import type { Evidence } from "./evidence";

/** How many AWS resources were real in which way, and what was not, with the reasons. Each resource counts once. */
export interface CloudAccount {
  /** Resources that a stand-in was given. */
  readonly resources: number;
  /** By the real provider's own code. */
  readonly validated: number;
  /** Of the validated ones: every property has its place in the provider's schema. */
  readonly mapped: number;
  readonly planned: number;
  /** By the real provider in an emulator, and read back. */
  readonly created: number;
  readonly updated: number;
  /** Of the created ones: deleted again. */
  readonly destroyed: number;
  /** What a structural stand-in made up. */
  readonly madeUp: readonly MadeUp[];
  /** Properties that the provider's version does not have, and on how many resources. */
  readonly unmapped: Readonly<Record<string, number>>;
  /** Properties that the emulator was told and does not tell again, as `type property`, and on how many resources. */
  readonly forgotten: Readonly<Record<string, number>>;
}

export interface MadeUp {
  readonly type: string;
  readonly count: number;
  readonly reason: string;
}

/** Counts what a rehearsal's stand-in providers have done. */
export function cloudAccount(evidence: readonly Evidence[]): CloudAccount {
  const urns = (operation: Evidence["operation"], by: Evidence["by"]) =>
    new Set(evidence.filter((one) => one.operation === operation && one.by === by).map(({ urn }) => urn));
  const unmapped = new Map<string, Set<string>>();
  const forgotten = new Map<string, Set<string>>();
  for (const one of evidence) {
    for (const way of one.unmapped ?? []) add(unmapped, way.replaceAll(/\[\d+\]/g, ""), one.urn);
    for (const name of one.forgotten ?? []) add(forgotten, `${one.type} ${name}`, one.urn);
  }
  const validated = urns("validate", "provider");
  const incomplete = new Set([...unmapped.values()].flatMap((set) => [...set]));
  const created = urns("create", "provider");
  const destroyed = urns("delete", "provider");
  return {
    resources: new Set(evidence.map(({ urn }) => urn)).size,
    validated: validated.size,
    mapped: [...validated].filter((urn) => !incomplete.has(urn)).length,
    planned: urns("plan", "provider").size,
    created: created.size,
    updated: urns("update", "provider").size,
    destroyed: [...created].filter((urn) => destroyed.has(urn)).length,
    madeUp: madeUp(evidence),
    unmapped: counts(unmapped),
    forgotten: counts(forgotten),
  };
}

function madeUp(evidence: readonly Evidence[]): MadeUp[] {
  const groups = new Map<string, MadeUp & { readonly urns: Set<string> }>();
  for (const { operation, by, type, reason = "", urn } of evidence) {
    if ((operation !== "create" && operation !== "update") || by !== "structural") continue;
    const key = `${type} ${reason}`;
    const group = groups.get(key) ?? { type, reason, count: 0, urns: new Set() };
    group.urns.add(urn);
    groups.set(key, group);
  }
  return [...groups.values()]
    .map(({ type, reason, urns }) => ({ type, count: urns.size, reason }))
    .sort((a, b) => b.count - a.count || a.type.localeCompare(b.type, "en"));
}

function add(sets: Map<string, Set<string>>, key: string, urn: string): void {
  const set = sets.get(key) ?? new Set();
  set.add(urn);
  sets.set(key, set);
}

function counts(sets: ReadonlyMap<string, ReadonlySet<string>>): Record<string, number> {
  return Object.fromEntries(
    [...sets].map(([key, set]) => [key, set.size] as const).sort(([a], [b]) => a.localeCompare(b, "en")),
  );
}

import { DeclaredTypes } from "../aws/declared-type";
import type { EvidenceLog } from "../evidence";
import type { CloudResource } from "../pretend-cloud";
import type { RehearsalHome } from "../rehearsal-home";
import { ProviderResources } from "../terraform/provider-resources";
import { TerraformAws } from "../terraform/terraform-aws";

/** How many are deleted at once: most of the time of one is a pause of the provider's. */
const atOnce = 16;

/** What became of the resources that a destroy had left in the emulator. */
export interface EmptiedCloud {
  readonly deleted: number;
  readonly failed: readonly { readonly urn: string; readonly error: string }[];
}

/**
 * Deletes what a destroy has left in the emulator because it is protected or retained, through the real provider, users before what they
 * use: so everything that was made is seen to be deletable. A protection of AWS's own is lifted first, as an operator would have to.
 */
export async function emptyCloud(home: RehearsalHome, limitMs = 300_000): Promise<EmptiedCloud> {
  const { judge, emulator, program } = home;
  const failed: { urn: string; error: string }[] = [];
  if (judge === undefined || emulator === undefined) return { deleted: 0, failed };
  const { cloud, evidence } = home;
  const declared = new DeclaredTypes(program);
  const aws = await TerraformAws.start(judge, declared, limitMs);
  const resources = new ProviderResources(aws, declared, { endpoint: emulator });
  let deleted = 0;
  try {
    await usersFirst(cloud.resources, async (resource) => {
      try {
        await remove(resources, resource, evidence);
        cloud.remove(resource);
        deleted += 1;
      } catch (error) {
        failed.push({ urn: resource.urn, error: error instanceof Error ? error.message : String(error) });
      }
    });
  } finally {
    resources.stop();
    aws.stop();
  }
  return { deleted, failed };
}

async function remove(resources: ProviderResources, resource: CloudResource, evidence: EvidenceLog): Promise<void> {
  const { type, urn, inputs, real } = resource;
  if (real === undefined) return;
  let there = real;
  if (real.state.enable_deletion_protection === true) {
    const lifted = { ...inputs, enableDeletionProtection: false };
    const change = await resources.plan(type, real.region, lifted, real);
    if (change !== undefined) there = await resources.apply(change);
  }
  await resources.destroy(there);
  evidence.add({ operation: "delete", urn, type, by: "provider" });
}

/**
 * Does something to every resource, to each as soon as it has been done to all that use it: what takes long keeps nobody waiting but those
 * that it uses.
 */
export async function usersFirst(
  resources: readonly CloudResource[],
  work: (resource: CloudResource) => Promise<void>,
): Promise<void> {
  const users = new Map<CloudResource, number>(resources.map((resource) => [resource, 0]));
  const used = new Map<CloudResource, CloudResource[]>();
  for (const resource of resources) {
    const texts = new Set(textsOf(resource.inputs));
    const mine = resources.filter((other) => other !== resource && uses(texts, other));
    used.set(resource, mine);
    for (const other of mine) users.set(other, (users.get(other) ?? 0) + 1);
  }
  const waiting = new Set(resources);
  const running = new Set<Promise<void>>();
  const start = (resource: CloudResource): void => {
    waiting.delete(resource);
    const done = work(resource).then(() => {
      running.delete(done);
      for (const other of used.get(resource) ?? []) users.set(other, (users.get(other) ?? 0) - 1);
    });
    running.add(done);
  };
  while (waiting.size > 0 || running.size > 0) {
    const free = [...waiting].filter((resource) => users.get(resource) === 0).slice(0, atOnce - running.size);
    free.forEach(start);
    // A circle has no order: one of it goes first then.
    const [any] = waiting;
    if (running.size === 0 && any !== undefined) start(any);
    await Promise.race(running);
  }
}

function uses(texts: ReadonlySet<string>, { id, outputs }: CloudResource): boolean {
  return texts.has(id) || (typeof outputs.arn === "string" && texts.has(outputs.arn));
}

function textsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

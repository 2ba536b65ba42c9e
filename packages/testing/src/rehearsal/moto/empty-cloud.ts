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
    for (const wave of waves(cloud.resources)) {
      for (let from = 0; from < wave.length; from += atOnce) {
        await Promise.all(
          wave.slice(from, from + atOnce).map(async (resource) => {
            try {
              await remove(resources, resource, evidence);
              cloud.remove(resource);
              deleted += 1;
            } catch (error) {
              failed.push({ urn: resource.urn, error: error instanceof Error ? error.message : String(error) });
            }
          }),
        );
      }
    }
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

/** In the order of deletion: each wave is used by nothing that is left after it. */
function waves(resources: readonly CloudResource[]): CloudResource[][] {
  const texts = new Map(resources.map((resource) => [resource, new Set(textsOf(resource.inputs))]));
  const found: CloudResource[][] = [];
  let left = [...resources];
  while (left.length > 0) {
    const free = left.filter(
      (resource) => !left.some((other) => other !== resource && uses(texts.get(other) ?? new Set(), resource)),
    );
    // A circle has no order: all at once then.
    const wave = free.length === 0 ? left : free;
    found.push(wave);
    left = left.filter((resource) => !wave.includes(resource));
  }
  return found;
}

function uses(texts: ReadonlySet<string>, { id, outputs }: CloudResource): boolean {
  return texts.has(id) || (typeof outputs.arn === "string" && texts.has(outputs.arn));
}

function textsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

import type { ResourceGraph } from "../../graph/resource-graph";
import { families, union } from "../../rule/families";
import { fail, notInPlan, type Outcome } from "../../rule/outcome";
import { graphRule } from "../../rule/rule";
import type { Value } from "../../rule/value";
import { z } from "zod";

export const llmEnc001 = graphRule({
  id: "LLM-ENC-001",
  title: "Every disk is encrypted",
  word: "MUST",
  source: ["SEC-R15"],
  looksAt: "volumes, and the root and further disks of instances, launch templates and launch configurations",
  remedy:
    "set encrypted to true on the volume or block device, with a key of your own where the data class asks for it",
  controls: "rest",
  owasp: ["LLM02"],
  anchors: ["CKV_AWS_3", "CKV_AWS_8", "CKV_AWS_189", "AWS-0008", "AWS-0026", "AWS-0131", "EC2.3", "EC2.7"],
  doc: "A disk that does not say so is encrypted only when the account encrypts by default. That setting counts when the program makes it, or when assumeEbsDefault says that another one does. A launch template without block devices leaves the root disk to the machine image.",
  types: union(families.volume, families.instance, families.launchTemplate, families.launchConfiguration),
  config: z.strictObject({
    /** The account encrypts new disks by default, by a setting that this program does not hold. */
    assumeEbsDefault: z.boolean().default(false),
  }),
  *check({ resource, inputs, shared, config }) {
    const byDefault = config.assumeEbsDefault || shared(encryptsByDefault);
    if (families.volume.has(resource.type))
      yield* judge(inputs.at("encrypted"), byDefault, !inputs.at("snapshotId").absent);
    else if (families.launchTemplate.has(resource.type)) yield* template(inputs, byDefault);
    else yield* host(inputs, byDefault);
  },
});

function* template(inputs: Value, byDefault: boolean): Generator<Outcome> {
  const mappings = inputs.at("blockDeviceMappings");
  if (mappings.unknown) yield notInPlan(mappings, "whether its disks are encrypted");
  const disks = mappings.items().filter((mapping) => !mapping.at("ebs").absent);
  for (const mapping of disks)
    yield* judge(mapping.in("ebs", "encrypted"), byDefault, !mapping.in("ebs", "snapshotId").absent);
  if (disks.length === 0 && !mappings.unknown && !byDefault)
    yield fail(mappings, "names no disk, so the root disk is as the machine image has it");
}

function* host(inputs: Value, byDefault: boolean): Generator<Outcome> {
  const root = inputs.at("rootBlockDevice");
  if (root.absent || root.unknown) {
    if (root.unknown) yield notInPlan(root, "whether its root disk is encrypted");
    // An instance from a template takes its disks from there.
    else if (!byDefault && inputs.at("launchTemplate").absent)
      yield fail(root, "does not say that its root disk is encrypted");
  } else yield* judge(root.at("encrypted"), byDefault, false);
  for (const disk of inputs.at("ebsBlockDevices").items()) yield* judge(disk.at("encrypted"), byDefault, false);
}

function* judge(encrypted: Value, byDefault: boolean, fromSnapshot: boolean): Generator<Outcome> {
  if (encrypted.unknown) yield notInPlan(encrypted, "whether the disk is encrypted");
  else if (encrypted.flag === false && !byDefault) yield fail(encrypted, "the disk is not encrypted");
  else if (encrypted.absent && !byDefault)
    yield fail(
      encrypted,
      `does not say that the disk is encrypted${fromSnapshot ? "; a snapshot's own encryption is not in the plan" : ""}`,
    );
}

function encryptsByDefault(graph: ResourceGraph): boolean {
  return graph.ofType(families.ebsEncryptionByDefault).some(({ inputs }) => inputs.enabled !== false);
}

import type { PlannedResource } from "../graph/planned-resource";
import { read, unknownValue, type PropertyPath, type PropertyValue } from "../graph/property-value";
import { judgePolicy } from "./resource-policy";
import type { AddressSet } from "../addresses/address-set";
import { headOf, isSet, truth, type Facts } from "./facts";
import type { Lock } from "./way-graph";
import { switchDoors } from "./switch-doors";

/** Something that answers on an address of its own or of AWS, guarded by settings and policies instead of a network. */
export interface ServiceEndpoint {
  readonly resource: PlannedResource;
  readonly kind: string;
  /** Any one that is open is a door. */
  readonly locks: readonly Lock[];
}

/** A resource policy: where it stands, and what it guards. */
interface PolicyPlace {
  readonly types: readonly string[];
  readonly kind: string;
  /** Policies on the resource itself. */
  readonly own?: readonly PropertyPath[];
  /** Resources that put a policy on it. */
  readonly split?: readonly {
    readonly types: readonly string[];
    readonly target: PropertyPath;
    readonly policy: PropertyPath;
    readonly refusesPublic?: PropertyPath;
  }[];
}

const policyPlaces: readonly PolicyPlace[] = [
  {
    types: ["aws:kms/key:Key", "aws:kms/replicaKey:ReplicaKey", "aws:kms/externalKey:ExternalKey"],
    kind: "key",
    own: ["policy"],
    split: [{ types: ["aws:kms/keyPolicy:KeyPolicy"], target: "keyId", policy: "policy" }],
  },
  {
    types: ["aws:secretsmanager/secret:Secret"],
    kind: "secret",
    own: ["policy"],
    split: [
      {
        types: ["aws:secretsmanager/secretPolicy:SecretPolicy"],
        target: "secretArn",
        policy: "policy",
        refusesPublic: "blockPublicPolicy",
      },
    ],
  },
  {
    types: ["aws:sns/topic:Topic"],
    kind: "topic",
    own: ["policy"],
    split: [{ types: ["aws:sns/topicPolicy:TopicPolicy"], target: "arn", policy: "policy" }],
  },
  {
    types: ["aws:sqs/queue:Queue"],
    kind: "queue",
    own: ["policy"],
    split: [{ types: ["aws:sqs/queuePolicy:QueuePolicy"], target: "queueUrl", policy: "policy" }],
  },
  {
    types: ["aws:ecr/repository:Repository"],
    kind: "image repository",
    split: [{ types: ["aws:ecr/repositoryPolicy:RepositoryPolicy"], target: "repository", policy: "policy" }],
  },
  {
    types: ["aws:backup/vault:Vault", "aws:backup/logicallyAirGappedVault:LogicallyAirGappedVault"],
    kind: "backup vault",
    split: [{ types: ["aws:backup/vaultPolicy:VaultPolicy"], target: "backupVaultName", policy: "policy" }],
  },
  {
    types: ["aws:efs/fileSystem:FileSystem"],
    kind: "file system",
    split: [{ types: ["aws:efs/fileSystemPolicy:FileSystemPolicy"], target: "fileSystemId", policy: "policy" }],
  },
  {
    types: ["aws:cloudwatch/eventBus:EventBus"],
    kind: "event bus",
    split: [{ types: ["aws:cloudwatch/eventBusPolicy:EventBusPolicy"], target: "eventBusName", policy: "policy" }],
  },
  { types: ["aws:s3/accessPoint:AccessPoint"], kind: "bucket access point", own: ["policy"] },
  { types: ["aws:iam/role:Role"], kind: "role", own: ["assumeRolePolicy"] },
  { types: ["aws:glacier/vault:Vault"], kind: "archive", own: ["accessPolicy"] },
  {
    types: ["aws:vpclattice/service:Service"],
    kind: "lattice service",
    split: [{ types: ["aws:vpclattice/authPolicy:AuthPolicy"], target: "resourceIdentifier", policy: "policy" }],
  },
  {
    types: ["aws:dynamodb/table:Table"],
    kind: "table",
    split: [{ types: ["aws:dynamodb/resourcePolicy:ResourcePolicy"], target: "resourceArn", policy: "policy" }],
  },
  {
    types: ["aws:amp/workspace:Workspace"],
    kind: "metrics workspace",
    split: [{ types: ["aws:amp/resourcePolicy:ResourcePolicy"], target: "workspaceId", policy: "policyDocument" }],
  },
];

/** Every endpoint that is guarded by settings and policies. Buckets are in `bucketEndpoints`. */
export function serviceEndpoints(facts: Facts, outsiders: AddressSet): ServiceEndpoint[] {
  const found = new Map<string, { resource: PlannedResource; kind: string; locks: Lock[] }>();
  const add = (resource: PlannedResource, kind: string, lock: Lock): void => {
    const known = found.get(resource.urn);
    if (known === undefined) found.set(resource.urn, { resource, kind, locks: [lock] });
    else known.locks.push(lock);
  };
  for (const { types, kind, judge } of switchDoors)
    for (const resource of facts.of(types)) add(resource, kind, judge(resource, facts, outsiders));
  for (const place of policyPlaces) {
    for (const resource of facts.of(place.types)) {
      const own = (place.own ?? []).filter((path) => isSet(resource.inputs, path));
      for (const path of own) add(resource, place.kind, policyLock(resource, path, facts, outsiders));
      if (own.length === 0)
        add(resource, place.kind, {
          state: "closed",
          hop: `no policy on ${facts.name(resource)} itself grants anything to others`,
        });
    }
    for (const split of place.split ?? []) {
      for (const holder of facts.of(split.types)) {
        const judged = policyLock(holder, split.policy, facts, outsiders);
        const refuses = split.refusesPublic !== undefined && truth(holder.inputs, split.refusesPublic) === true;
        const lock: Lock =
          judged.state === "unknown" && refuses
            ? { state: "closed", hop: `${facts.name(holder)}: AWS refuses a public policy here` }
            : judged;
        const targets = facts.join(holder, split.target, place.types).resources;
        // A policy on something that is not in the program is a door by itself.
        for (const target of targets.length > 0 ? targets : [holder]) add(target, place.kind, lock);
      }
    }
  }
  return [...found.values()];
}

export function policyLock(holder: PlannedResource, path: PropertyPath, facts: Facts, outsiders: AddressSet): Lock {
  const judged = judgePolicy(value(holder, path), outsiders, holdsIdentities(holder, path, facts));
  const author = judged.state === "unknown" ? ownAuthor(holder, path, facts) : undefined;
  if (author !== undefined) {
    facts.assume(
      "policies that Holdfast's own components write, and that wait for nothing but their own resources, are as those components' tests say",
      holder.name,
    );
    return {
      state: "closed",
      hop: `${facts.name(holder)}: written by ${facts.name(author)}, waits for nothing but that component's own resources`,
    };
  }
  return { state: judged.state, hop: `${facts.name(holder)}: ${judged.words}` };
}

/** Whether identities of the program flow into a policy: what is unknown in the place of a principal is then one of them. */
function holdsIdentities(holder: PlannedResource, path: PropertyPath, facts: Facts): boolean {
  const sources = holder.propertyDependencies[headOf(path)] ?? [];
  return sources.some((urn) => identities.test(facts.graph.byUrn(urn)?.type ?? ""));
}

const identities = /^aws:(iam\/(role|user|group|serviceLinkedRole)|cloudfront\/originAccessIdentity):/;

/**
 * The Holdfast component that writes a policy which cannot be read yet, when nothing flows into it but that component's own
 * resources (in practice: the account's number). Anything else that flows in could make it say anything.
 */
function ownAuthor(holder: PlannedResource, path: PropertyPath, facts: Facts): PlannedResource | undefined {
  const author = facts.graph.parentChain(holder.urn).find(({ type }) => ownComponents.test(type));
  const sources = holder.propertyDependencies[headOf(path)] ?? [];
  if (author === undefined || sources.length === 0) return undefined;
  const isOwn = (urn: string): boolean => facts.graph.parentChain(urn).includes(author);
  return sources.every(isOwn) ? author : undefined;
}

const ownComponents = /^(network|compute|storage|serving|gateway|observability):index:[A-Z]\w+$/;

function value(resource: PlannedResource, path: PropertyPath): PropertyValue | undefined {
  const reading = read(resource.inputs, path);
  if (reading.state === "known") return reading.value;
  return reading.state === "unknown" ? unknownValue : undefined;
}

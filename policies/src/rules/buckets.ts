import type { PlannedResource } from "../graph/planned-resource";
import type { ResourceGraph } from "../graph/resource-graph";
import { families, union } from "../rule/families";

/** What the program says about a bucket in resources of their own. */
export interface BucketParts {
  readonly publicAccessBlocks: readonly PlannedResource[];
  readonly policies: readonly PlannedResource[];
  readonly versionings: readonly PlannedResource[];
  readonly encryptions: readonly PlannedResource[];
  readonly lifecycles: readonly PlannedResource[];
  readonly loggings: readonly PlannedResource[];
  readonly objectLocks: readonly PlannedResource[];
  readonly replications: readonly PlannedResource[];
}

const kinds = {
  publicAccessBlocks: families.bucketPublicAccessBlock,
  policies: families.bucketPolicy,
  versionings: families.bucketVersioning,
  encryptions: families.bucketEncryption,
  lifecycles: families.bucketLifecycle,
  loggings: families.bucketLogging,
  objectLocks: families.bucketObjectLock,
  replications: families.bucketReplication,
} satisfies Record<keyof BucketParts, ReadonlySet<string>>;

/** Joins the split resources of Amazon S3 to their buckets, by name where it is known and by dependency where it is not. */
export function bucketParts(graph: ResourceGraph): (bucket: PlannedResource) => BucketParts {
  const index = new Map<PlannedResource, Record<keyof BucketParts, PlannedResource[]>>();
  const empty = (): Record<keyof BucketParts, PlannedResource[]> => ({
    publicAccessBlocks: [],
    policies: [],
    versionings: [],
    encryptions: [],
    lifecycles: [],
    loggings: [],
    objectLocks: [],
    replications: [],
  });
  for (const kind of Object.keys(kinds) as (keyof BucketParts)[]) {
    for (const part of graph.ofType(kinds[kind])) {
      for (const bucket of graph.references(part, "bucket", families.bucket).resources) {
        const parts = index.get(bucket) ?? empty();
        parts[kind].push(part);
        index.set(bucket, parts);
      }
    }
  }
  return (bucket) => index.get(bucket) ?? empty();
}

/** The buckets that receive access logs, flow logs or trails. */
export function logReceivers(graph: ResourceGraph): ReadonlySet<string> {
  const found = new Set<string>();
  const add = (types: ReadonlySet<string>, path: string) => {
    for (const source of graph.ofType(types))
      for (const { urn } of graph.references(source, path, families.bucket).resources) found.add(urn);
  };
  add(families.bucketLogging, "targetBucket");
  add(union(families.loadBalancer, families.classicLoadBalancer), "accessLogs.bucket");
  add(families.flowLog, "logDestination");
  add(families.trail, "s3BucketName");
  return found;
}

import type { Flow, NetworkNeeds } from "@holdfast/core";
import type { PlacedSegment } from "./placement";

export interface HostNeeds {
  /** Whether hosts of the segment run containers from private Amazon ECR repositories. @default false */
  readonly containers?: boolean;
  /** Whether hosts attach a volume that outlives them. @default false */
  readonly dataVolume?: boolean;
}

/** What every host of a segment needs, whatever it runs: its files, its secrets, its journal, its place in the group, and a way in for operators. */
export function hostNetworkNeeds(
  segment: PlacedSegment,
  { containers = false, dataVolume = false }: HostNeeds = {},
): NetworkNeeds {
  const reach = (service: string, purpose: string): Flow => ({
    from: segment,
    to: `endpoint:${service}`,
    protocol: "tcp",
    port: 443,
    purpose,
  });
  return {
    flows: [
      reach("s3", "configuration files"),
      reach("secretsmanager", "secrets at start"),
      reach("logs", "host journals"),
      reach("autoscaling", "hosts tell their group when they are ready and drained"),
      reach("ssm", "operator sessions without open ports"),
      reach("ssmmessages", "operator sessions without open ports"),
      ...(containers
        ? [reach("ecr.api", "container images by digest"), reach("ecr.dkr", "container images by digest")]
        : []),
      ...(dataVolume ? [reach("ec2", "attach the data volume")] : []),
    ],
  };
}

/** What a pool with `interconnect: "efa"` needs of its segment, beside what every host needs: a security group for the adapters. */
export function efaNetworkNeeds(segment: PlacedSegment): NetworkNeeds {
  return { flows: [], efa: [segment] };
}

/** First port of the engines of a host; one more per further engine, at most eight (one per GPU). */
export const enginePorts = { first: 8000, last: 8007 } as const;

/**
 * The needs of all Holdfast parts together, for a network that is set up on its own. A test holds it to what the parts themselves
 * declare; they depend on this package, so it cannot ask them.
 */
export function defaultNetworkNeeds(): NetworkNeeds[] {
  const flow = (from: Flow["from"], to: Flow["to"], port: number, purpose: string, toPort?: number): Flow => ({
    from,
    to,
    protocol: "tcp",
    port,
    ...(toPort === undefined ? {} : { toPort }),
    purpose,
  });
  const hosts: readonly PlacedSegment[] = ["gateway", "serving", "observability"];
  return [
    ...hosts.map((segment) => hostNetworkNeeds(segment, { containers: true, dataVolume: segment === "observability" })),
    {
      flows: [
        flow("clients", "gateway", 443, "API calls"),
        flow("gateway", "gateway", 443, "balancer to gateway hosts"),
        flow("gateway", "gateway", 8405, "health checks of the balancer"),
        flow("gateway", "gateway", 8406, "gateway hosts tell each other what they accepted"),
        flow("gateway", "endpoint:ec2", 443, "gateway hosts find each other"),
        flow("gateway", "serving", enginePorts.first, "inference", enginePorts.last),
        flow("serving", "endpoint:servicediscovery", 443, "engines enter and leave their DNS name"),
        flow("observability", "serving", enginePorts.first, "engine metrics", enginePorts.last),
        flow("observability", "serving", 9100, "host metrics"),
        flow("observability", "serving", 9400, "GPU metrics"),
        flow("observability", "gateway", 443, "watch the gateway's certificate"),
        flow("observability", "gateway", 8405, "gateway metrics"),
        flow("observability", "gateway", 9100, "host metrics"),
        flow("observability", "endpoint:ec2", 443, "discover hosts to scrape"),
      ],
    },
  ];
}

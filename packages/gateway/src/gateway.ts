import { HostPool, type HostSecret } from "@holdfast/compute";
import { HoldfastComponent, inputProblems, parseArgs } from "@holdfast/core";
import * as lb from "@pulumi/aws/lb";
import * as route53 from "@pulumi/aws/route53";
import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { GatewayArgs } from "./gateway-args";
import { gatewayServices } from "./gateway-host-files";
import { gatewayPorts, gatewaySecrets, gatewayUser } from "./gateway-places";
import type { CheckedGatewayPolicy } from "./gateway-policy";
import { planGateway, type GatewayPlan } from "./gateway-plan";
import type { GatewayTimeouts } from "./gateway-timeouts";

/** Refuses Outputs in what must be known at plan time; form and meaning are checked by `planGateway`, all in one error. */
const plainArgs = z.object({
  policy: z.unknown().optional(),
  longestResponse: z.unknown().optional(),
  program: z.unknown().optional(),
  hosts: z.unknown().optional(),
  instanceType: z.unknown().optional(),
  dataClass: z.unknown().optional(),
  resolver: z.unknown().optional(),
  allowSingleZone: z.boolean().optional(),
  services: z.array(z.string()).default([]),
  protect: z.boolean().default(true),
  tags: z.record(z.string(), z.string().max(256)).default({}),
});

/**
 * The one way in: HAProxy on at least two hosts in at least two zones behind an internal network load balancer that passes TLS through,
 * so that client certificates are checked, and prompts decrypted, on the hosts only.
 *
 * Creates: balancer, target group, listener, a pool of hosts with their files; an alias record when a zone is given. Opens no port
 * itself: what it needs is in `gatewayNetworkNeeds()`.
 *
 * ```ts
 * new Gateway("edge", { network, config, fleets: [chat], policy, longestResponse: "10 minutes", image, tls, apiKeysSecretArn });
 * ```
 */
export class Gateway extends HoldfastComponent {
  /** DNS name of the balancer, private addresses only. */
  readonly endpoint: pulumi.Output<string>;
  /** Base URL for clients of the OpenAI interface. */
  readonly url: string;
  readonly balancerArn: pulumi.Output<string>;
  /** The policy with every default filled in. */
  readonly policy: CheckedGatewayPolicy;
  /** Every time in the chain from client to engine, as derived from the longest response. */
  readonly timeouts: GatewayTimeouts;
  /** The plain facts that a monitoring stack needs. */
  readonly observed: {
    readonly name: string;
    readonly hosts: number;
    readonly metricsPort: number;
    readonly hostName: string;
    readonly port: number;
  };
  /** The hosts, for what the arguments do not reach. */
  readonly pool: HostPool;

  readonly #args: GatewayArgs;
  readonly #plan: GatewayPlan;
  readonly #protect: boolean;
  readonly #tags: Readonly<Record<string, string>>;

  constructor(name: string, args: GatewayArgs, opts?: pulumi.ComponentResourceOptions) {
    const { protect, tags } = parseArgs("Gateway", plainArgs, args);
    const planned = planGateway(args);
    if (!planned.ok) throw inputProblems("Gateway", planned.problems);
    const { spec } = planned.plan;
    super("gateway:index:Gateway", name, { hostName: spec.policy.hostName, hosts: spec.hosts }, opts);
    this.#args = args;
    this.#plan = planned.plan;
    this.#protect = protect;
    this.#tags = tags;

    const balancer = this.#balancer();
    const targets = this.#targets();
    const listener = this.#listener(balancer, targets);
    this.pool = this.#hosts(targets, listener);
    this.#record(balancer);

    this.endpoint = balancer.dnsName;
    this.url = `https://${spec.policy.hostName}/v1`;
    this.balancerArn = balancer.arn;
    this.policy = spec.policy;
    this.timeouts = spec.timeouts;
    this.observed = {
      name,
      hosts: spec.hosts,
      metricsPort: gatewayPorts.internal,
      hostName: spec.policy.hostName,
      port: gatewayPorts.clients,
    };
    this.registerOutputs({ endpoint: this.endpoint, url: this.url });
  }

  #balancer(): lb.LoadBalancer {
    const { network } = this.#args;
    return new lb.LoadBalancer(
      this.childName("balancer"),
      {
        internal: true,
        loadBalancerType: "network",
        subnets: network.subnetIds("gateway"),
        // Only at creation: a network load balancer without a group never gets one.
        securityGroups: [network.securityGroupId("gateway")],
        enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: "on",
        enableCrossZoneLoadBalancing: true,
        enableDeletionProtection: this.#protect,
        tags: this.#named("balancer"),
      },
      this.child({ protect: this.#protect, dependsOn: network.readiness("gateway") }),
    );
  }

  #targets(): lb.TargetGroup {
    const { timeouts } = this.#plan.spec;
    return new lb.TargetGroup(
      this.childName("targets"),
      {
        vpcId: this.#args.network.vpcId,
        targetType: "instance",
        protocol: "TCP",
        port: gatewayPorts.clients,
        // The hosts see who calls: limits per source and the audit log depend on it.
        preserveClientIp: "true",
        deregistrationDelay: timeouts.deregistration,
        // A draining host still streams answers: neither leaving nor failing a check may cut them.
        connectionTermination: false,
        targetHealthStates: [
          { enableUnhealthyConnectionTermination: false, unhealthyDrainingInterval: timeouts.deregistration },
        ],
        healthCheck: {
          protocol: "HTTP",
          port: String(gatewayPorts.internal),
          path: "/ready",
          matcher: "200",
          interval: 10,
          timeout: 5,
          healthyThreshold: 2,
          unhealthyThreshold: 2,
        },
        tags: this.#named("targets"),
      },
      this.child(),
    );
  }

  #listener(balancer: lb.LoadBalancer, targets: lb.TargetGroup): lb.Listener {
    return new lb.Listener(
      this.childName("listener"),
      {
        loadBalancerArn: balancer.arn,
        protocol: "TCP",
        port: gatewayPorts.clients,
        tcpIdleTimeoutSeconds: this.#plan.spec.timeouts.balancerIdle,
        defaultActions: [{ type: "forward", targetGroupArn: targets.arn }],
        tags: this.#named("listener"),
      },
      this.child(),
    );
  }

  #hosts(targets: lb.TargetGroup, listener: lb.Listener): HostPool {
    const { network, config, image, logRetentionDays } = this.#args;
    const { spec, files, instanceType } = this.#plan;
    return new HostPool(
      this.childName("hosts"),
      {
        network,
        segment: "gateway",
        config,
        image,
        instanceType,
        size: spec.hosts,
        files: [...files, ...(this.#args.files ?? [])],
        services: [...gatewayServices, ...(this.#args.services ?? [])],
        secrets: [...this.#secrets(), ...(this.#args.secrets ?? [])],
        containerImages: [
          ...(spec.program.kind === "container" ? [spec.program.image] : []),
          ...(this.#args.containerImages ?? []),
        ],
        // To find the other hosts. The action knows no narrower resource (service authorization reference, Amazon EC2).
        ...(spec.policy.limits.sharing === "peers"
          ? { statements: [{ Sid: "FindPeers", Effect: "Allow", Action: "ec2:DescribeInstances", Resource: "*" }] }
          : {}),
        targetGroupArns: [targets.arn],
        drainSeconds: spec.timeouts.hostDrain,
        readyCommand: `curl -sf -m 2 http://127.0.0.1:${gatewayPorts.internal}/ready`,
        healthGraceSeconds: 120,
        // Moving a host to another zone would end its streams for no need.
        rebalanceZones: false,
        protect: this.#protect,
        tags: this.#tags,
        ...(logRetentionDays === undefined ? {} : { logRetentionDays }),
      },
      // A target group takes part in health checks only once a listener uses it.
      { parent: this, dependsOn: [listener] },
    );
  }

  /** By reference: the hosts fetch them with their own role. What HAProxy reads itself belongs to it, the rest to root. */
  #secrets(): HostSecret[] {
    const { tls, apiKeysSecretArn, secretsKeyArn, fleets } = this.#args;
    const owner = `${gatewayUser}:${gatewayUser}`;
    const key = encrypted(secretsKeyArn);
    const ca = this.#plan.spec.policy.tls.clientCertificates === "off" ? undefined : tls.clientCaSecretArn;
    return [
      { name: gatewaySecrets.certificate, arn: tls.certificateSecretArn, owner, ...key },
      ...(ca === undefined ? [] : [{ name: gatewaySecrets.clientCa, arn: ca, owner, ...key }]),
      { name: gatewaySecrets.apiKeys, arn: apiKeysSecretArn, ...key },
      ...fleets.map(({ fleetName, engineKeySecretArn, engineKeySecretKeyArn }) => ({
        name: gatewaySecrets.engineKey(fleetName),
        arn: engineKeySecretArn,
        ...encrypted(engineKeySecretKeyArn ?? secretsKeyArn),
      })),
      ...this.#engineCas().map((secret) => ({ ...secret, owner })),
    ];
  }

  /** One for all fleets that share it. */
  #engineCas(): HostSecret[] {
    const { secretsKeyArn, fleets } = this.#args;
    const files = new Map<string, HostSecret>();
    for (const fleet of fleets) {
      const name = gatewaySecrets.engineCa(fleet);
      if (!fleet.tls || fleet.engineCaSecretArn === undefined || files.has(name)) continue;
      const key = encrypted(fleet.engineCaSecretKeyArn ?? secretsKeyArn);
      files.set(name, { name, arn: fleet.engineCaSecretArn, ...key });
    }
    return [...files.values()];
  }

  #record(balancer: lb.LoadBalancer): void {
    const { zoneId } = this.#args;
    if (zoneId === undefined) return;
    new route53.Record(
      this.childName("name"),
      {
        zoneId,
        name: this.#plan.spec.policy.hostName,
        type: "A",
        aliases: [{ name: balancer.dnsName, zoneId: balancer.zoneId, evaluateTargetHealth: true }],
      },
      this.child(),
    );
  }

  #named(role: string): Record<string, string> {
    return { ...this.#tags, Name: this.childName(role) };
  }
}

function encrypted(keyArn: pulumi.Input<string> | undefined): Pick<HostSecret, "keyArn"> {
  return keyArn === undefined ? {} : { keyArn };
}

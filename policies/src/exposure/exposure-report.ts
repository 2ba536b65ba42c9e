/** `none`: proven unreachable. `exposed`: a witness path exists. `undetermined`: neither could be shown. */
export type ExposureVerdict = "none" | "exposed" | "undetermined";

/** Something that answers, and what the proof says about it. */
export interface ExposedEndpoint {
  /** The URN of the resource. */
  readonly endpoint: string;
  /** What it is, for example `auto scaling group` or `bucket`. */
  readonly kind: string;
  readonly verdict: ExposureVerdict;
  /** Who the verdict is about: `internet`, or the name of a declared client network. For `none` it holds for all of them. */
  readonly from: string;
  /** The shortest way in, one hop per line, each resource with its URN. Hops that begin with `assuming` are locks that hold. */
  readonly path?: readonly string[];
  /** Every lock on the way is open: it can be reached as the program stands, without any other mistake. */
  readonly wholePath?: boolean;
  /** What would have to be known to decide. */
  readonly unknown?: readonly string[];
  /** The certificate: what says no. */
  readonly cut?: readonly string[];
  /** What declared client networks may reach here, as the access matrix or an approval says. */
  readonly allowed?: readonly string[];
}

/** The answer of the proof, as it stands in plan.json. */
export interface ExposureReport {
  readonly verdict: ExposureVerdict;
  readonly endpoints: readonly ExposedEndpoint[];
  /** What the proof takes for granted, for the reader to judge. */
  readonly assumptions: readonly string[];
}

/** A network of people or programs that may use the gateway. */
export interface ClientNetwork {
  readonly name: string;
  readonly cidr: string;
}

/** What declared client networks may open a connection to. */
export interface ClientFlow {
  readonly protocol: "tcp" | "udp";
  readonly port: number;
  /** @default the same as `port` */
  readonly toPort?: number;
}

/** An endpoint that is meant to be public. */
export interface ApprovedEdge {
  /** The URN or the name of the endpoint; `*` stands for any run of characters. */
  readonly endpoint: string;
  /** Why it is public; printed in the report. */
  readonly reason: string;
}

/** Facts about the world outside the program that the proof may rely on. Each one used is printed. */
export interface ExposureAssumptions {
  /** All four settings of the account-wide public access block of Amazon S3 are on. @default false */
  readonly accountPublicAccessBlock?: boolean;
  /** VPC Block Public Access of the account in every region used. @default not relied on */
  readonly vpcBlockPublicAccess?: "block-ingress" | "block-bidirectional";
  /** Subnets that are named by id and belong to no resource of the program have no way in. @default false */
  readonly outsideSubnetsPrivate?: boolean;
  /** Security groups that are named by id and belong to no resource of the program hold and admit private hosts only. @default false */
  readonly outsideGroupsPrivate?: boolean;
  /** Entries of prefix lists that the program only names: list id to CIDR blocks. */
  readonly prefixLists?: Readonly<Record<string, readonly string[]>>;
  /** Which controller serves Kubernetes load balancers that carry no annotation. @default "in-tree", which makes them public */
  readonly loadBalancerController?: "in-tree" | "aws-load-balancer-controller" | "private";
}

export interface ExposureOptions {
  readonly assume?: ExposureAssumptions;
  /** Declared client networks, besides those of the program's own `PrivateNetwork`. */
  readonly clients?: readonly ClientNetwork[];
  /** What clients may open at endpoints of a `Gateway`. @default what the program's own access matrix says, else tcp/443 */
  readonly clientFlows?: readonly ClientFlow[];
  /** Endpoints that are public on purpose. */
  readonly approved?: readonly ApprovedEdge[];
  /**
   * `each-lock`: every lock between an outsider and an endpoint must hold by itself. `whole-path`: one lock that holds is
   * enough, as in a packet's view of the network. @default "each-lock"
   */
  readonly strength?: "each-lock" | "whole-path";
}

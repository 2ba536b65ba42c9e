import type { NetworkNeeds } from "@holdfast/core";
import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { placedSegments, type ClientNetwork } from "./placement";

export interface FlowLogArgs {
  /** A value that CloudWatch Logs knows, for example 90, 180, 365, 400 or 731. @default 365 (PCI DSS 4.0, 10.5.1 asks for 12 months) */
  readonly retentionDays?: number;
  /** Seconds of traffic in one record: 60 or 600. Shorter costs more. @default 600 */
  readonly aggregationSeconds?: 60 | 600;
  /** Whether the log group and its key are protected from deletion. @default true */
  readonly protect?: boolean;
}

export interface ClientAccessArgs {
  /** Transit gateway that the client networks are attached to. The network attaches itself and routes their ranges, nothing else, to it. */
  readonly transitGatewayId: pulumi.Input<string>;
}

/** How hosts reach anything outside the network. There is no internet gateway in either mode. */
export interface EgressArgs {
  /** `none`: nothing. `endpoints`: the AWS services that `needs` name, each by a private endpoint. */
  readonly mode: "none" | "endpoints";
}

export interface PrivateNetworkArgs {
  /** Region of the provider in use, for example `eu-central-1`. */
  readonly region: string;
  /** Private range of the VPC, /16 to /22. Changing it replaces the network. */
  readonly cidr: string;
  /** Zone ids such as `euc1-az1`; two or more keep the service up when a zone fails. Adding or removing one moves no other. */
  readonly zones: readonly string[];
  /** @default { mode: "endpoints" } */
  readonly egress?: EgressArgs;
  /** Networks outside from which clients connect. @default none: nobody outside can connect */
  readonly clients?: readonly ClientNetwork[];
  /** How traffic of the client networks comes in. @default none: attach the VPC yourself */
  readonly clientAccess?: ClientAccessArgs;
  /** What the parts in the network need; nothing else is opened. @default `defaultNetworkNeeds()` */
  readonly needs?: readonly NetworkNeeds[];
  /** Name of the private DNS namespace in which engines register. Changing it replaces the namespace. @default `<name>.internal` */
  readonly privateDomain?: string;
  /** Flow logs cannot be turned off. */
  readonly flowLogs?: FlowLogArgs;
  /** Twelve digits. Give it to make the endpoint and key policies readable in a plan. @default read from the VPC once it exists */
  readonly accountId?: string;
  /** Put on every resource. @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** The retention periods that CloudWatch Logs accepts, days (PutRetentionPolicy). */
export const logRetentionDays: readonly number[] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const end = z.string().regex(/^(clients|gateway|serving|storage|observability|management|endpoint:[a-z0-9.-]+)$/, {
  error: "must be a segment (clients, gateway, serving, storage, observability, management) or endpoint:<service>",
});

const flow = z.strictObject({
  from: z.enum(["clients", "gateway", "serving", "storage", "observability", "management"]),
  to: end,
  protocol: z.enum(["tcp", "udp"]),
  port: z.int().min(1).max(65_535),
  toPort: z.int().min(1).max(65_535).optional(),
  purpose: z.string().min(1),
});

/** The plain part of the arguments. Address and flow rules that span fields are in `networkProblems`. */
export const privateNetworkSchema = z.strictObject({
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, { error: "must be an AWS region such as eu-central-1" }),
  cidr: z.string(),
  zones: z.array(z.string()),
  egress: z
    .strictObject({
      mode: z
        .string()
        .refine((mode) => mode !== "allow-list", {
          error: 'got "allow-list", which needs a firewall that this version does not build; allowed: none, endpoints',
        })
        .pipe(z.enum(["none", "endpoints"])),
    })
    .default({ mode: "endpoints" }),
  clients: z
    .array(
      z.strictObject({
        name: z.string().regex(label, { error: "must be lower case letters, digits and hyphens" }),
        cidr: z.string(),
      }),
    )
    .default([]),
  needs: z
    .array(
      z.strictObject({
        flows: z.array(flow),
        buckets: z.array(z.string()).optional(),
        efa: z.array(z.enum(placedSegments)).optional(),
      }),
    )
    .optional(),
  privateDomain: z
    .string()
    .refine((name) => name.split(".").every((part) => label.test(part)) && name.includes("."), {
      error: "must be a domain name of at least two labels, such as llm.internal",
    })
    .optional(),
  flowLogs: z
    .strictObject({
      retentionDays: z
        .number()
        .refine((days) => logRetentionDays.includes(days), { error: `must be one of ${logRetentionDays.join(", ")}` })
        .default(365),
      aggregationSeconds: z.union([z.literal(60), z.literal(600)]).default(600),
      protect: z.boolean().default(true),
    })
    .prefault({}),
  accountId: z
    .string()
    .regex(/^\d{12}$/, { error: "must be twelve digits" })
    .optional(),
  tags: z.record(z.string(), z.string()).default({}),
});

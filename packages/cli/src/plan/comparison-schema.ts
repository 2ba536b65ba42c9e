import { z } from "zod";

export const exposureVerdict = z.enum(["none", "exposed", "undetermined"]);

const standing = z.enum(["blocks", "advises", "undetermined", "waived"]);

const finding = z.strictObject({
  rule: z.string(),
  urn: z.string(),
  property: z.string().describe("Empty when it is about the resource as a whole."),
  message: z.string(),
  standing: standing.describe("What the finding means for a deployment."),
  was: standing.optional().describe("What it meant in the baseline; only where that differs."),
});

const endpoint = z.strictObject({
  endpoint: z.string(),
  before: exposureVerdict.optional().describe("Absent: the baseline had no such endpoint."),
  after: exposureVerdict.optional().describe("Absent: the endpoint is gone."),
  path: z.array(z.string()).optional().describe("The way in, where there is one now."),
});

const changedResource = z.strictObject({
  urn: z.string(),
  properties: z.array(z.string()).describe("Inputs and options that differ, by name."),
  was: z
    .string()
    .optional()
    .describe("Its URN in the baseline; only where an alias says that it was called differently."),
});

const fleet = z.strictObject({
  fleet: z.string(),
  before: z.string().optional().describe("For example 3 x p4d.24xlarge; absent: the baseline had no such fleet."),
  after: z.string().optional().describe("Absent: the fleet is gone."),
});

const costLine = z.strictObject({
  what: z.string(),
  before: z.number().describe("USD per month."),
  after: z.number().describe("USD per month."),
});

/** What a plan changes against an earlier one: `comparison.json`, and `comparison` in plan.json. */
export const comparisonSchema = z.strictObject({
  schemaVersion: z.literal(1),
  environment: z.string(),
  baseline: z.string().describe("The earlier plan, as it was named."),
  findings: z.strictObject({ new: z.array(finding), fixed: z.array(finding), unchanged: z.array(finding) }),
  exposure: z.strictObject({
    before: exposureVerdict,
    after: exposureVerdict,
    endpoints: z
      .array(endpoint)
      .describe("Endpoints whose verdict differs, and those that came or went without being out of reach."),
  }),
  resources: z
    .strictObject({
      added: z.array(z.string()),
      removed: z.array(z.string()),
      changed: z.array(changedResource),
      unchanged: z.number(),
    })
    .describe("Resources of providers; components are what they create. URNs, but for those that changed."),
  fleets: z.array(fleet).describe("Fleets whose hosts differ."),
  cost: z.strictObject({
    before: z.number().describe("USD per month."),
    after: z.number().describe("USD per month."),
    difference: z.number().describe("after less before, USD per month."),
    lines: z.array(costLine).describe("Lines that differ, the largest difference first."),
  }),
});

export type Comparison = z.output<typeof comparisonSchema>;
export type ComparedFinding = z.output<typeof finding>;
export type ComparedEndpoint = z.output<typeof endpoint>;
export type ComparedResource = z.output<typeof changedResource>;
export type ComparedFleet = z.output<typeof fleet>;
/** What a finding means for a deployment. */
export type Standing = z.output<typeof standing>;

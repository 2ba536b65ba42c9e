import { z } from "zod";
import type { Workload } from "./workload";

const tokens = z.int().min(1).max(1_000_000);
const percentile = z.union([z.literal(50), z.literal(90), z.literal(95), z.literal(99)]).exactOptional();
const length = z.number().positive().max(1_000_000);
const lengths = (what: string) =>
  z
    .union([
      z.strictObject({
        p10: length.exactOptional(),
        p25: length.exactOptional(),
        p50: length,
        p75: length.exactOptional(),
        p90: length.exactOptional(),
        p95: length.exactOptional(),
        p99: length.exactOptional(),
      }),
      z.strictObject({
        bins: z
          .array(z.strictObject({ upTo: length, count: z.number().min(0) }))
          .min(1)
          .describe("Counts of requests by length; upTo is the upper bound of each."),
      }),
    ])
    .optional()
    .describe(`${what} tokens of real traffic: percentiles, or bins. Absent: every request at the 95th percentile.`);

const fields = {
  promptTokens: tokens.describe("Prompt tokens of a request at the 95th percentile."),
  outputTokens: z
    .int()
    .min(0)
    .max(1_000_000)
    .describe("Output tokens of a request at the 95th percentile; 0 for embeddings."),
  requestsPerSecond: z.number().positive().max(10_000).describe("Requests per second in the busiest minute."),
  ttftSeconds: z
    .number()
    .positive()
    .max(3600)
    .optional()
    .describe("Time to first token at the 95th percentile, seconds. Absent: no target."),
  tpotMs: z
    .number()
    .positive()
    .max(10_000)
    .optional()
    .describe("Time per output token at the 95th percentile, milliseconds. Absent: no target."),
  endToEndSeconds: z
    .number()
    .positive()
    .max(36_000)
    .optional()
    .describe("Time of a whole request at the 95th percentile, seconds. Absent: no target."),
  targetPercentiles: z
    .strictObject({ ttft: percentile, tpot: percentile, endToEnd: percentile })
    .optional()
    .describe("So many of a hundred requests keep the targets. Absent: 95."),
  arrivals: z
    .strictObject({
      peakFactor: z
        .number()
        .min(1)
        .max(100)
        .exactOptional()
        .describe("Rate of the busiest minute over requestsPerSecond, where that is a mean. Absent: 1."),
      variation: z
        .number()
        .min(0)
        .max(20)
        .exactOptional()
        .describe("Deviation over mean of the time between two requests. Absent: 1, independent users."),
    })
    .optional()
    .describe("How requests come."),
  promptLengths: lengths("Prompt"),
  outputLengths: lengths("Output"),
  sessions: z
    .strictObject({
      sharedPrefixTokens: z
        .int()
        .min(0)
        .max(1_000_000)
        .exactOptional()
        .describe("Tokens that all prompts begin with. Absent: 0."),
      turns: z.number().min(1).max(1000).exactOptional().describe("Mean turns of a conversation. Absent: 1."),
      hitRate: z
        .number()
        .min(0)
        .max(1)
        .exactOptional()
        .describe("Share of later turns that reach the replica which holds the earlier ones. Absent: 0.5."),
    })
    .optional()
    .describe("What prompts share. Absent: nothing."),
  offline: z
    .strictObject({
      tokensPerDay: z.number().positive().describe("Output tokens a day."),
      promptTokens: tokens.exactOptional().describe("Absent: as the interactive requests."),
      outputTokens: tokens.exactOptional().describe("Absent: as the interactive requests."),
      hoursPerDay: z.number().positive().max(24).exactOptional().describe("Hours in which it may run. Absent: 24."),
    })
    .optional()
    .describe("Work that waits, made beside the interactive requests at a lower priority."),
} satisfies Record<keyof Workload, z.ZodType>;

/** Checks the form of a workload, as documents and arguments write it; `workloadProblems` checks its meaning. */
export const workloadSchema = z.strictObject(fields);

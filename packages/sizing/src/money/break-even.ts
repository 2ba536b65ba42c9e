import { isStale } from "@holdfast/catalog";
import { volumeDecision } from "../advice/decision-sheet";
import { hostedUsd, type HostedPrice } from "./hosted-prices";
import { group } from "../weights";

const daysPerMonth = 730 / 24;

export interface BreakEvenQuestion {
  readonly monthlyUsd: number;
  /** Output tokens per second that the fleet sustains within its targets. */
  readonly tokensPerSecond: number;
  /** Prompt tokens per output token. */
  readonly promptPerOutput: number;
  readonly hosted: HostedPrice;
  /** ISO date to judge the age of the price. */
  readonly today: string;
}

export interface BreakEven {
  /** Prompt and output tokens per day from which the fleet is cheaper. */
  readonly tokensPerDay: number;
  /** Share of what the fleet can pass that this is; above 1 it never pays at this size. */
  readonly ofCapacity: number;
  readonly sentences: readonly string[];
}

/** From which volume a fleet of a fixed monthly price is cheaper than a hosted model. */
export function breakEven(question: BreakEvenQuestion): BreakEven {
  const { monthlyUsd, tokensPerSecond, promptPerOutput, hosted, today } = question;
  const perOutputToken = hostedUsd(hosted, promptPerOutput, 1);
  const outputPerDay = monthlyUsd / daysPerMonth / perOutputToken;
  const tokensPerDay = outputPerDay * (1 + promptPerOutput);
  const ofCapacity = outputPerDay / (tokensPerSecond * 86_400);
  const volume = volumeDecision(tokensPerDay);
  const rule =
    volume === "compute"
      ? "between the sources' bounds of 100,000 and 1,000,000"
      : volume === "self"
        ? "above the sources' bound of 1,000,000"
        : "below the sources' bound of 100,000";
  return {
    tokensPerDay,
    ofCapacity,
    sentences: [
      `$${group(Math.round(monthlyUsd))} a month / ${daysPerMonth.toFixed(2)} days / $${(perOutputToken * 1e6).toFixed(2)} per million output tokens with ${Number(promptPerOutput.toFixed(2))} prompt tokens each = ${group(Math.round(tokensPerDay))} tokens a day, ${rule}`,
      ofCapacity > 1
        ? `the fleet passes ${(100 / ofCapacity).toFixed(0)} % of that: at this size it is never cheaper than ${hosted.id}`
        : `that is ${(ofCapacity * 100).toFixed(1)} % of what the fleet passes`,
      `hosted price: ${hosted.source}, ${hosted.asOf}${hosted.unverified === undefined ? "" : `; ${hosted.unverified}`}${isStale(hosted, today) ? "; STALE, older than 90 days" : ""}`,
    ],
  };
}

import { hoursPerMonth, instancePrice } from "@holdfast/catalog";
import {
  breakEven,
  hostedPrices,
  monthlyCost,
  purchaseOptions,
  usdPerMillionTokens,
  volumeDecision,
  type FleetNeed,
  type FleetSizing,
} from "@holdfast/sizing";
import { dollars } from "../report/format";
import { plainTable } from "../report/plain-table";
import { doubtfulPrices } from "../report/price-doubts";
import type { Terminal } from "../terminal";

/** Shares of full load at which the cost of tokens is stated. */
const shares = [1, 0.4];

/** What a fleet costs: by token, by way of buying, and against a hosted model. */
export function moneyText(
  need: FleetNeed,
  sizing: FleetSizing,
  { colours }: Pick<Terminal, "colours">,
  today: string,
): string {
  const { usdPerHour, monthlyUsd, predicted, instances } = sizing;
  const tokens = predicted.tokensPerSecond;
  const lines = [colours.bold("money")];
  for (const share of shares) {
    const usd = usdPerMillionTokens(usdPerHour, tokens, share);
    lines.push(
      `- at ${share * 100} % of what it sustains: $${usdPerHour} an hour x 1e6 / (${Math.round(tokens)} tokens/s x 3600 x ${share}) = $${usd.toFixed(2)} per million ${predicted.tpotMs > 0 ? "output " : ""}tokens`,
    );
  }
  const table = plainTable(["bought", "USD/month", "terms"], [0, 2]);
  for (const option of purchaseOptions) {
    const cost = monthlyCost(usdPerHour / instances, instances, option);
    table.push([option.name, dollars(cost), [option.commitment, option.caveat].filter(Boolean).join("; ")]);
  }
  lines.push("", table.toString(), "");
  const { promptTokens, outputTokens, requestsPerSecond } = need.workload;
  const hosted = hostedPrices.find((one) => one.model === sizing.model) ?? hostedPrices.at(-1);
  if (hosted !== undefined && outputTokens > 0) {
    const stated = requestsPerSecond * (promptTokens + outputTokens) * 86_400;
    const even = breakEven({
      monthlyUsd,
      tokensPerSecond: tokens,
      promptPerOutput: promptTokens / outputTokens,
      hosted,
      today,
    });
    lines.push(
      `- against ${hosted.id} ($${hosted.inputUsd} in, $${hosted.outputUsd} out per million): ${even.sentences.join("; ")}`,
      `- the stated load all day is ${Math.round(stated)} tokens: by volume alone ${{ cloud: "buy tokens", compute: "compare prices", self: "host it yourself" }[volumeDecision(stated)]}`,
    );
  }
  const price = instancePrice(sizing.instanceType, need.region);
  const doubts =
    price === undefined
      ? ""
      : doubtfulPrices(
          [{ asOf: price.asOf, source: price.caveat === "" ? price.source : `${price.source} (${price.caveat})` }],
          colours,
          today,
        );
  return `${lines.join("\n")}${doubts.replace("; the report names each", "")}\n(a month has ${hoursPerMonth} hours)\n`;
}

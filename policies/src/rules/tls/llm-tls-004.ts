import { z } from "zod";
import { families } from "../../rule/families";
import { fail, notInPlan } from "../../rule/outcome";
import { resourceRule } from "../../rule/rule";

export const llmTls004 = resourceRule({
  id: "LLM-TLS-004",
  title: "Load balancers speak TLS to what is behind them",
  word: "SHOULD",
  source: ["SEC-R02"],
  looksAt: "the protocol of target groups",
  remedy: "set the target group's protocol to HTTPS or TLS, or pass TCP through to a host that ends TLS",
  controls: "transit",
  anchors: ["CKV_AWS_378"],
  doc: "Behind a balancer that ends TLS, prompts travel in clear to the hosts. TCP on a port of passthroughPorts is taken to carry the client's own TLS. A service mesh that encrypts is not visible here: waive the rule then.",
  types: families.targetGroup,
  config: z.strictObject({
    /** Ports on which a TCP target group is known to carry TLS that the hosts end. */
    passthroughPorts: z.array(z.int().min(1).max(65_535)).default([443, 6443, 8443]),
  }),
  applies: ({ inputs }) => inputs.at("targetType").text !== "lambda",
  *check({ inputs, config }) {
    const protocol = inputs.at("protocol");
    const port = inputs.at("port").number;
    if (protocol.unknown) yield notInPlan(protocol, "whether the hosts are spoken to in TLS");
    else if (["HTTPS", "TLS"].includes(protocol.text?.toUpperCase() ?? "")) return;
    else if (protocol.text?.toUpperCase() === "TCP" && port !== undefined && config.passthroughPorts.includes(port))
      return;
    else yield fail(protocol, `speaks ${protocol.text ?? "HTTP"} to its targets`);
  },
});

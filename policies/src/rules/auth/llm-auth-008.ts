import { z } from "zod";
import { families, union } from "../../rule/families";
import { demand, fail, notInPlan } from "../../rule/outcome";
import { resourceRule } from "../../rule/rule";

export const llmAuth008 = resourceRule({
  id: "LLM-AUTH-008",
  title: "Instance metadata needs a session token and stays on the host",
  word: "MUST",
  source: ["SEC-R21"],
  looksAt:
    "httpTokens, httpEndpoint and httpPutResponseHopLimit of instances, launch templates and launch configurations",
  remedy: "set metadataOptions.httpTokens to required and httpPutResponseHopLimit to 1",
  controls: "identity",
  owasp: ["LLM02"],
  anchors: ["CKV_AWS_79", "CKV_AWS_341", "AWS-0028", "AWS-0130", "EC2.8", "AutoScaling.3", "AutoScaling.4"],
  doc: "An engine that fetches pictures or files by URL can be made to fetch the metadata address and give away the host's credentials. A token that has to be asked for by PUT, and a hop limit that containers do not reach, stop that. Where pods need the metadata set maximumHops to 2.",
  types: union(families.instance, families.launchTemplate, families.launchConfiguration),
  config: z.strictObject({
    /** The highest hop limit that passes. */
    maximumHops: z.int().min(1).max(64).default(1),
  }),
  *check({ inputs, config }) {
    const options = inputs.at("metadataOptions");
    if (options.at("httpEndpoint").text === "disabled") return;
    if (options.unknown) {
      yield notInPlan(options, "whether the metadata needs a token");
      return;
    }
    const absent = "does not ask for a session token";
    // An instance made from a template takes its metadata options from there.
    if (options.absent && !inputs.at("launchTemplate").absent) return;
    yield* demand(options.at("httpTokens"), {
      holds: ({ text }) => text === "required",
      failure: absent,
      absent,
      question: "whether the metadata needs a token",
    });
    const hops = options.at("httpPutResponseHopLimit");
    if (hops.unknown) yield notInPlan(hops, "whether containers reach the metadata");
    else if (hops.number !== undefined && hops.number > config.maximumHops)
      yield fail(hops, `lets the metadata travel ${hops.number} hops, so containers reach it`);
  },
});

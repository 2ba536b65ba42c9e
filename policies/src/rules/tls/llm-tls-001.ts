import { z } from "zod";
import { families, union } from "../../rule/families";
import { fail, notInPlan, undetermined } from "../../rule/outcome";
import { resourceRule } from "../../rule/rule";
import { onlyRedirectsToTls } from "../listeners";

const plainPorts = [80, 3000, 8000, 8080, 8265, 9090, 9093, 9931, 11_434, 30_000];

export const llmTls001 = resourceRule({
  id: "LLM-TLS-001",
  title: "Load balancer listeners speak TLS",
  word: "MUST",
  source: ["POL-R01", "POL-R16", "SEC-R02"],
  looksAt:
    "the protocol and port of listeners of application, network and classic load balancers, under every type token",
  remedy: "use HTTPS or TLS with a certificate; pass TCP through only on a port where the host behind ends TLS",
  controls: "transit",
  owasp: ["LLM02"],
  anchors: ["CKV_AWS_2", "CKV_AWS_376", "AWS-0054", "ELB.1", "ELB.3"],
  doc: "A plain HTTP listener may only redirect to HTTPS. A TCP listener carries whatever the hosts behind it speak: on a port of passthroughPorts that is taken to be TLS, on the usual ports of plain services it is a violation, elsewhere it stays open.",
  types: union(families.listener, families.classicLoadBalancer),
  config: z.strictObject({
    /** Ports on which a TCP listener is known to carry TLS that the hosts end. */
    passthroughPorts: z.array(z.int().min(1).max(65_535)).default([443, 6443, 8443]),
  }),
  *check({ resource, inputs, config }) {
    if (families.classicLoadBalancer.has(resource.type)) {
      for (const listener of inputs.at("listeners").items()) {
        const protocol = listener.at("lbProtocol");
        if (protocol.unknown) yield notInPlan(protocol, "whether it speaks TLS");
        else if (!["HTTPS", "SSL"].includes((protocol.text ?? "").toUpperCase()))
          yield fail(protocol, `listens for ${protocol.text ?? "plain text"}`);
      }
      return;
    }
    const protocol = inputs.at("protocol");
    const port = inputs.at("port");
    const name = protocol.text?.toUpperCase() ?? (protocol.absent && port.number === 443 ? "HTTPS" : "HTTP");
    if (protocol.unknown) {
      yield notInPlan(protocol, "whether it speaks TLS");
    } else if (name === "HTTP") {
      const redirects = onlyRedirectsToTls(inputs.at("defaultActions"));
      if (redirects === undefined) yield notInPlan(inputs.at("defaultActions"), "whether it only redirects to HTTPS");
      else if (!redirects) yield fail(protocol, "listens for plain HTTP and does not just redirect to HTTPS");
    } else if (["TCP", "TCP_UDP", "UDP", "QUIC", "TCP_QUIC"].includes(name)) {
      if (port.unknown) yield notInPlan(port, "whether it carries TLS");
      else if (port.number !== undefined && config.passthroughPorts.includes(port.number)) return;
      else if (port.number !== undefined && plainPorts.includes(port.number))
        yield fail(protocol, `passes plain ${name} through on port ${port.number}`);
      else
        yield undetermined(
          protocol,
          `passes ${name} through on port ${port.number ?? "?"}; whether that is TLS cannot be told, so add the port to passthroughPorts if it is`,
        );
    }
  },
});

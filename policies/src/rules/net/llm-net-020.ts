import { isNone, validCidrs } from "../../addresses/address-set";
import { routable } from "../../addresses/internet";
import { families, union } from "../../rule/families";
import { fail, notInPlan } from "../../rule/outcome";
import { resourceRule } from "../../rule/rule";

export const llmNet020 = resourceRule({
  id: "LLM-NET-020",
  title: "Docker publishes ports on loopback or a private address only",
  word: "MUST",
  source: ["POL-R16"],
  looksAt: "the address of every published port of Docker containers, publishAllPorts, and ports of services",
  remedy: "set ip to 127.0.0.1 or to the host's private address, or publish nothing and use an internal network",
  controls: "exposure",
  anchors: ["CIS Docker 5.14 (on a running host)"],
  doc: "Docker publishes on every interface unless it is told otherwise, and its rules stand before those of the host's firewall, so a firewall that looks closed does not help.",
  types: union(families.dockerContainer, families.dockerService),
  *check({ resource, inputs }) {
    if (families.dockerService.has(resource.type)) {
      const ports = inputs.in("endpointSpec", "ports");
      if (ports.unknown) yield notInPlan(ports, "where it publishes ports");
      for (const port of ports.items())
        if (!port.at("publishedPort").absent)
          yield fail(
            port,
            `publishes port ${port.at("publishedPort").scalar ?? "?"} on every interface of every host, as services always do`,
          );
      return;
    }
    if (inputs.at("publishAllPorts").flag === true)
      yield fail("publishAllPorts", "publishes every exposed port on every interface");
    const ports = inputs.at("ports");
    if (ports.unknown) yield notInPlan(ports, "where it publishes ports");
    for (const port of ports.items()) {
      const ip = port.at("ip");
      const internal = port.at("internal").number ?? "?";
      if (ip.unknown) yield notInPlan(ip, `where port ${internal} is published`);
      else if (ip.absent || ["0.0.0.0", "::", ""].includes(ip.text ?? ""))
        yield fail(ip, `publishes port ${internal} on every interface`);
      else if (!isNone(routable(validCidrs([ip.text ?? ""]))))
        yield fail(ip, `publishes port ${internal} on the public address ${ip.text ?? ""}`);
    }
  },
});

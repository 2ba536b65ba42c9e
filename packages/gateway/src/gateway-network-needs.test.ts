import { describe, expect, it } from "vitest";
import { gatewayNetworkNeeds } from "./gateway-network-needs";

const flows = (options?: Parameters<typeof gatewayNetworkNeeds>[0]): string[] =>
  gatewayNetworkNeeds(options).flows.map(
    ({ from, to, port, toPort }) => `${from} > ${to} ${port}${toPort === undefined ? "" : `-${toPort}`}`,
  );

describe("what a gateway needs from the network", () => {
  it("lets clients in on one port only, and nobody but the monitoring at the metrics", () => {
    expect(flows().filter((flow) => flow.startsWith("clients"))).toEqual(["clients > gateway 443"]);
    expect(flows().filter((flow) => flow.endsWith(" 8405"))).toEqual([
      "gateway > gateway 8405",
      "observability > gateway 8405",
    ]);
    expect(flows()).toContain("gateway > serving 8000-8007");
  });

  it("needs the other hosts only to share counts", () => {
    const more = flows().filter((flow) => !flows({ peers: false }).includes(flow));
    expect(more).toEqual(["gateway > gateway 8406", "gateway > endpoint:ec2 443"]);
  });
});

import { accessMatrix } from "@holdfast/network";
import { describe, expect, it } from "vitest";
import { observabilityNetworkNeeds } from "./network-needs";

const matrix = (options: Parameters<typeof observabilityNetworkNeeds>[0]) =>
  accessMatrix([observabilityNetworkNeeds(options)], {
    network: "net",
    clients: [{ name: "office", cidr: "10.10.0.0/16" }],
  });
const edges = (options?: Parameters<typeof observabilityNetworkNeeds>[0]) =>
  matrix(options).map(
    ({ from, to, port, toPort }) => `${from} -> ${to} ${port === toPort ? port : `${port}-${toPort}`}`,
  );

describe("observabilityNetworkNeeds", () => {
  it("opens the way from the scraper to what is scraped, and none towards it", () => {
    expect(edges()).toEqual(
      expect.arrayContaining([
        "observability -> serving 8000-8007",
        "observability -> serving 9100",
        "observability -> serving 9400",
        "observability -> gateway 8405",
        "observability -> gateway 9100",
        "observability -> gateway 443",
        "observability -> endpoint:ec2 443",
        "observability -> endpoint:ssmmessages 443",
      ]),
    );
    expect(edges().filter((edge) => !edge.startsWith("observability -> "))).toEqual([]);
    expect(edges().filter((edge) => /clients|:sns|:ecr/.test(edge))).toEqual([]);
  });

  it("opens more only when asked", () => {
    expect(edges({ sns: true })).toContain("observability -> endpoint:sns 443");
    expect(edges({ containers: true })).toContain("observability -> endpoint:ecr.dkr 443");
    expect(edges({ webhookPort: 8443 })).toContain("observability -> clients 8443");
    expect(edges({ grafanaFromManagement: true })).toContain("management -> observability 3000");
  });
});

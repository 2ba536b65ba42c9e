import { GpuNodePool, HostConfigBucket, type GpuNodePoolArgs } from "@holdfast/compute";
import { defaultNetworkNeeds, efaNetworkNeeds, PrivateNetwork } from "@holdfast/network";
import type { ResourceGraph } from "@holdfast/policies";
import { planProgram } from "@holdfast/testing";

/** A company's own program with hosts of the large profile (GPU-R11): four p5.48xlarge with Elastic Fabric Adapters, close together. */
export async function planLargeCluster(
  change: Partial<Omit<GpuNodePoolArgs, "network" | "config">> = {},
): Promise<ResourceGraph> {
  const accountId = "111122223333";
  const region = "us-east-1";
  const { graph } = await planProgram({
    project: "cluster",
    stack: "cluster",
    program: () => {
      const network = new PrivateNetwork("llm", {
        region,
        cidr: "10.40.0.0/16",
        zones: ["use1-az4", "use1-az6"],
        clients: [{ name: "office", cidr: "10.10.0.0/16" }],
        accountId,
        needs: [...defaultNetworkNeeds(), efaNetworkNeeds("serving")],
      });
      new GpuNodePool("large", {
        network,
        config: new HostConfigBucket("config", { region, accountId }),
        segment: "serving",
        instanceType: "p5.48xlarge",
        modelBytes: 810e9,
        size: 4,
        interconnect: "efa",
        files: [],
        services: ["cluster.service"],
        drainSeconds: 660,
        ...change,
      });
    },
  });
  return graph;
}

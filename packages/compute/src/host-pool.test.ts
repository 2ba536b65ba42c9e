import { PrivateNetwork } from "@holdfast/network";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { publicImages } from "./ami-reference";
import { GpuNodePool } from "./gpu-node-pool";
import { HostConfigBucket } from "./host-config-bucket";
import { HostPool } from "./host-pool";

interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
}

/** Runs a program under the SDK's mocks as a preview: every id is unknown, as on the first `pulumi preview`. */
async function preview(program: () => unknown): Promise<Registered[]> {
  const list: Registered[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        list.push({ type, name, inputs: inputs as Record<string, unknown> });
        return { id: undefined as unknown as string, state: {} };
      },
      call: ({ token }) => {
        throw new Error(`a component made the lookup ${token}`);
      },
    },
    "project",
    "stack",
    true,
  );
  program();
  await (pulumi.runtime as unknown as { waitForRPCs: () => Promise<void> }).waitForRPCs();
  return list;
}

describe("HostPool", () => {
  it("smoke", async () => {
    const list = await preview(() => {
      const network = new PrivateNetwork("llm", {
        region: "eu-central-1",
        cidr: "10.40.0.0/16",
        zones: ["euc1-az1", "euc1-az2"],
      });
      const config = new HostConfigBucket("config", { region: "eu-central-1" });
      new HostPool("edge", {
        network,
        config,
        segment: "gateway",
        image: publicImages.amazonLinux2023,
        instanceType: "c7i.large",
        size: 2,
        files: [{ path: "/etc/a/a.conf", content: "hello\n", reader: "text" }],
        services: ["a.service"],
        secrets: [{ name: "key", arn: config.keyArn }],
        parameters: { BUCKET: config.bucketName },
        drainSeconds: 120,
      });
      new GpuNodePool("chat", {
        network,
        config,
        segment: "serving",
        instanceType: "g6e.12xlarge",
        size: 1,
        files: [],
        services: ["vllm.service"],
        modelBytes: 70e9,
        drainSeconds: 700,
      });
    });
    expect(list.length).toBeGreaterThan(100);
  });
});

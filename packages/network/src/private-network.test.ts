import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, it } from "vitest";
import { PrivateNetwork } from "./private-network";
import type { PrivateNetworkArgs } from "./private-network-args";

interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
}

let registered: Registered[] = [];

/** Runs a program under the SDK's mocks as a preview: every id is unknown, as on the first `pulumi preview`. */
async function preview(program: () => unknown): Promise<Registered[]> {
  const list: Registered[] = [];
  registered = list;
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

const args: PrivateNetworkArgs = {
  region: "eu-central-1",
  cidr: "10.40.0.0/16",
  zones: ["euc1-az1", "euc1-az2"],
  clients: [{ name: "office", cidr: "10.10.0.0/16" }],
};

describe("PrivateNetwork", () => {
  beforeEach(() => {
    registered = [];
  });
  it("smoke", async () => {
    await preview(() => new PrivateNetwork("llm", args));
    expect(registered.length).toBeGreaterThan(10);
  });
});

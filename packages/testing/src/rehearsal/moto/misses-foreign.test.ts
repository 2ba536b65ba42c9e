import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { PretendCloud } from "../pretend-cloud";
import { ProviderRefusal } from "../terraform/provider-resources";
import { missesForeign } from "./misses-foreign";

const refusal = (text: string) => new ProviderRefusal([{ severity: "error", summary: text, detail: "", path: "" }]);

it("excuses only what names something that the emulator cannot have", () => {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-cloud-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  const cloud = new PretendCloud(join(folder, "cloud"));
  const made = { urn: "urn", scope: "eu-central-1", inputs: {}, outputs: {} };
  const state = { terraformType: "aws_vpc", region: "eu-central-1", state: {}, private: "" };
  cloud.put({ ...made, type: "aws:ec2/vpc:Vpc", id: "vpc-0123456789abcdef0", real: state });
  cloud.put({ ...made, type: "aws:fsx/x:X", id: "fs-0123456789abcdef0" });
  const inputs = {
    vpcId: "vpc-0123456789abcdef0",
    parts: [{ fs: "fs-0123456789abcdef0" }],
    tgw: "tgw-0123456789abcdef0",
  };
  const why = (text: string) => missesForeign(refusal(text), inputs, cloud);

  expect(why("NotFound: tgw-0123456789abcdef0 does not exist")).toMatch(
    /tgw-0123456789abcdef0, which belongs to somebody/,
  );
  expect(why("FileSystemNotFound: fs-0123456789abcdef0")).toMatch(/fs-0123456789abcdef0: aws:fsx\/x:X was made up/);
  // It was made there, so it has to be there.
  expect(why("vpc-0123456789abcdef0 does not exist")).toBeUndefined();
  expect(why("sg-0123456789abcdef0 does not exist")).toBeUndefined();
  expect(why("tgw-0123456789abcdef0 is in the wrong state")).toBeUndefined();
  expect(missesForeign(new Error("tgw-0123456789abcdef0 does not exist"), inputs, cloud)).toBeUndefined();
});

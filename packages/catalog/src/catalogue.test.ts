import { describe, expect, it } from "vitest";
import {
  engines,
  findEngine,
  findGpu,
  findInstance,
  findModel,
  findRegion,
  gpus,
  gpusOfClass,
  instancePrice,
  instances,
  isStale,
  licences,
  models,
  regions,
  servicePrice,
  servicePriceIds,
  zonesOffering,
} from "./index";
import { instancePriceLists } from "./data/instance-prices";
import { servicePriceRecords } from "./data/service-prices";

const everything = [
  ...models.map((record) => ({ name: record.id, record })),
  ...gpus.map((record) => ({ name: record.id, record })),
  ...instances.map((record) => ({ name: record.type, record })),
  ...regions.map((record) => ({ name: record.id, record })),
  ...engines.map((record) => ({ name: `${record.kind} ${record.version}`, record })),
  ...licences.map((record) => ({ name: record.id, record })),
  ...instancePriceLists.map((record) => ({ name: `prices of ${record.region}`, record })),
  ...servicePriceRecords.map((record) => ({ name: record.id, record })),
];

describe("every record", () => {
  it.each(everything)("$name has a source and a date", ({ record }) => {
    expect(record.source.length).toBeGreaterThan(5);
    expect(record.asOf).toMatch(/^20\d\d-\d\d-\d\d$/);
    expect(Number.isNaN(Date.parse(record.asOf))).toBe(false);
  });

  it("has an id of its own", () => {
    for (const ids of [models.map((one) => one.id), gpus.map((one) => one.id), instances.map((one) => one.type)]) {
      expect(new Set(ids).size).toBe(ids.length);
    }
  });
});

describe("models", () => {
  it("point at a known licence", () => {
    const known = new Set(licences.map((licence) => licence.id));
    expect(models.filter((model) => !known.has(model.licence)).map((model) => model.id)).toEqual([]);
  });

  it.each([
    ["meta-llama/Llama-3.1-70B", "llama-3.1-70b-instruct"],
    ["Qwen/Qwen2.5-Coder-7B-Instruct", "qwen2.5-coder-7b-instruct"],
    ["LLAMA-3.3-70B-INSTRUCT", "llama-3.3-70b-instruct"],
    ["nomic-embed-text", "nomic-embed-text-v1.5"],
    ["BAAI/bge-m3", "bge-m3"],
    ["MiniMaxAI/MiniMax-M2.5", "minimax-m2.5"],
  ])("%s is %s", (name, id) => {
    expect(findModel(name)?.id).toBe(id);
  });
});

describe("GPUs", () => {
  it("resolve by class, id and the names of the measured file", () => {
    expect(gpusOfClass("A100 class").map((gpu) => gpu.id)).toEqual(["a100-40", "a100-80", "a100-80-pcie"]);
    expect(gpusOfClass("A10G class").map((gpu) => gpu.id)).toEqual(["a10g"]);
    expect(gpusOfClass("a100-80").map((gpu) => gpu.id)).toEqual(["a100-80"]);
    expect(gpusOfClass("gtx-580")).toEqual([]);
    expect(findGpu("h100_sxm")?.id).toBe("h100-sxm");
  });

  it.each(["RTX-3090", "a5000", "rtx-4070", "rtx-3060", "rtx-4090"])(
    "%s, named in the requirements, is there",
    (name) => {
      const gpu = findGpu(name);
      expect(gpu?.reportedMiB).toBeGreaterThan(12_000);
      expect(gpu?.watts).toBeGreaterThan(100);
    },
  );

  it("GPU-R02, GPU-R04, GPU-R05: memory, watts and purchase price", () => {
    expect(findGpu("a10g")?.reportedMiB).toBe(22_888);
    expect(findGpu("h100-sxm")?.watts).toBe(700);
    expect(findGpu("rtx-4090")?.watts).toBe(450);
    expect(findGpu("rtx-4090")?.purchaseUsd).toMatchObject({ from: 1500, to: 2000 });
  });
});

describe("instances and prices", () => {
  it("GPU-R02 to R04: an A10G is about a dollar an hour, A100 only by eight, H100 also alone", () => {
    const a10g = instancePrice("g5.xlarge", "us-east-1")?.usd ?? 0;
    expect(Math.abs(a10g - 1)).toBeLessThan(0.01);
    expect([...new Set(instances.filter((one) => one.gpu.startsWith("a100")).map((one) => one.gpus))]).toEqual([8]);
    expect((instancePrice("p4d.24xlarge", "us-east-1")?.usd ?? 0) / 8).toBeCloseTo(2.745, 3);
    expect((instancePrice("p4de.24xlarge", "us-east-1")?.usd ?? 0) / 8).toBeCloseTo(3.431, 3);
    expect(findInstance("p5.4xlarge")?.gpus).toBe(1);
    expect(findInstance("p5.48xlarge")?.gpus).toBe(8);
  });

  it("a type of a family that is listed in the region is derived by the family's factor", () => {
    expect(instancePrice("g5.xlarge", "eu-central-1")).toMatchObject({
      usd: 1.258,
      basis: "derived",
      region: "eu-central-1",
    });
    expect(instancePrice("g6e.12xlarge", "eu-central-1")).toMatchObject({ usd: 13.12002, basis: "listed", caveat: "" });
  });

  it("a type that the region does not offer has no price there", () => {
    expect(zonesOffering("p5.48xlarge", "eu-central-1")).toEqual([]);
    expect(instancePrice("p5.48xlarge", "eu-central-1")).toBeUndefined();
    expect(zonesOffering("g7e.2xlarge", "eu-central-1")).toEqual(["euc1-az2", "euc1-az3"]);
  });

  it("a figure that is not the region's own says so", () => {
    const guess = instancePrice("g7.2xlarge", "eu-central-1");
    expect(guess?.basis).toBe("estimated");
    expect(guess?.caveat).toContain("median factor of eu-central-1");
    expect(servicePrice("backup-s3-gb", "eu-central-1").basis).toBe("elsewhere");
    expect(servicePrice("backup-s3-gb", "eu-central-1").caveat).toContain("the us-east-1 price stands in");
    expect(servicePrice("network-load-balancer-hour", "eu-central-1")).toMatchObject({ usd: 0.027, basis: "listed" });
  });

  it("CPU hosts have prices in every region that we know prices of", () => {
    for (const region of ["us-east-1", "eu-central-1", "eu-west-1"]) {
      for (const type of ["c7i.large", "c7i.xlarge", "m7i.large", "m7i.xlarge", "m7i.2xlarge", "t3.medium"]) {
        expect(instancePrice(type, region)?.usd, `${type} in ${region}`).toBeGreaterThan(0.03);
      }
    }
    expect(instancePrice("c7i.large", "eu-central-1")?.usd).toBe(0.10185);
  });

  it("every priced GPU type is a known instance, and every service price has a record", () => {
    const families = new Set(instances.map((one) => one.type.split(".")[0]));
    const stray = instancePriceLists
      .flatMap((list) => Object.keys(list.usdPerHour))
      .filter((type) => families.has(type.split(".")[0]) && findInstance(type) === undefined)
      .filter((type) => !type.startsWith("g6f."));
    expect(stray).toEqual([]);
    for (const id of servicePriceIds) expect(servicePrice(id, "us-east-1").usd).toBeGreaterThan(0);
  });

  it("prices go stale after 90 days", () => {
    expect(isStale({ asOf: "2026-08-26" }, "2026-11-24")).toBe(false);
    expect(isStale({ asOf: "2026-08-26" }, "2026-11-25")).toBe(true);
  });
});

describe("regions and engines", () => {
  it("know zone ids", () => {
    expect(findRegion("eu-central-1")?.zones).toEqual(["euc1-az1", "euc1-az2", "euc1-az3"]);
    expect(findRegion("us-east-1")?.zones).toContain("use1-az4");
  });

  it("a version between two known ones takes the older one's facts", () => {
    expect(findEngine("vllm", "0.32.0")?.memoryUtilisation).toBe(0.92);
    expect(findEngine("vllm", "0.26.1")?.version).toBe("0.24.0");
    expect(findEngine("vllm", "0.18.0")?.memoryUtilisation).toBe(0.9);
    expect(findEngine("vllm", "0.9.0")).toBeUndefined();
  });
});

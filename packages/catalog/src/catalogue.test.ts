import { describe, expect, it } from "vitest";
import {
  engines,
  findEngine,
  findGpu,
  findInstance,
  hostNetworkMbps,
  findModel,
  findRegion,
  gpuCount,
  gpus,
  gpusOfClass,
  instancePrice,
  instances,
  isStale,
  licences,
  models,
  plannableInstances,
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

describe("published architectures", () => {
  const repositories = `
    deepseek-ai/DeepSeek-R1
    deepseek-ai/DeepSeek-V3
    deepseek-ai/DeepSeek-V3.2
    deepseek-ai/DeepSeek-V4-Flash
    deepseek-ai/DeepSeek-V4-Pro
    google/gemma-4-26B-A4B
    meta-llama/Llama-4-Maverick-17B-128E-Instruct
    meta-llama/Llama-4-Scout-17B-16E-Instruct
    meta-llama/Meta-Llama-3.1-405B
    meta-llama/Meta-Llama-3.1-70B
    meta-llama/Meta-Llama-3.1-8B
    MiniMaxAI/MiniMax-M2.5
    MiniMaxAI/MiniMax-M2.7
    MiniMaxAI/MiniMax-M3
    mistralai/Mixtral-8x22B-v0.1
    mistralai/Mixtral-8x7B-v0.1
    moonshotai/Kimi-K2-Instruct
    moonshotai/Kimi-K2.5
    moonshotai/Kimi-K3
    nvidia/DeepSeek-V3.1-NVFP4
    nvidia/DeepSeek-V3.2-NVFP4
    nvidia/DeepSeek-V4-Flash-NVFP4
    nvidia/DeepSeek-V4-Pro-NVFP4
    nvidia/Gemma-4-26B-A4B-NVFP4
    nvidia/Gemma-4-31B-IT-NVFP4
    nvidia/GLM-5-NVFP4
    nvidia/GLM-5.1-NVFP4
    nvidia/GLM-5.2-NVFP4
    nvidia/Kimi-K2.5-NVFP4
    nvidia/Kimi-K2.6-NVFP4
    nvidia/Kimi-K2.7-Code-NVFP4
    nvidia/Llama-3.1-70B-Instruct-FP8
    nvidia/Llama-3_3-Nemotron-Super-49B-v1
    nvidia/MiniMax-M2.5-NVFP4
    nvidia/MiniMax-M2.7-NVFP4
    nvidia/MiniMax-M3-NVFP4
    nvidia/Nemotron-H-56B-Base-8K
    nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B-BF16
    nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B-NVFP4
    nvidia/NVIDIA-Nemotron-3-Super-120B-A12B-FP8
    nvidia/NVIDIA-Nemotron-3-Super-120B-A12B-NVFP4
    nvidia/NVIDIA-Nemotron-3-Ultra-550B-A55B-BF16
    nvidia/NVIDIA-Nemotron-3-Ultra-550B-A55B-FP8
    nvidia/NVIDIA-Nemotron-3-Ultra-550B-A55B-NVFP4
    nvidia/NVIDIA-Nemotron-3.5-Lightning-30B-A3B-NVFP4
    nvidia/Qwen3-235B-A22B-NVFP4
    nvidia/Qwen3.5-122B-A10B-NVFP4
    nvidia/Qwen3.5-397B-A17B-NVFP4
    nvidia/Qwen3.6-27B-NVFP4
    nvidia/Qwen3.6-35B-A3B-NVFP4
    openai/gpt-oss-120b
    openai/gpt-oss-20b
    Qwen/Qwen3-0.6B
    Qwen/Qwen3-1.7B
    Qwen/Qwen3-235B-A22B
    Qwen/Qwen3-235B-A22B-FP8
    Qwen/Qwen3-30B-A3B
    Qwen/Qwen3-30B-A3B-FP8
    Qwen/Qwen3-32B
    Qwen/Qwen3-32B-FP8
    Qwen/Qwen3-32B-FP8-Static-PerTensor
    Qwen/Qwen3-8B
    Qwen/Qwen3-Coder-480B-A35B-Instruct
    Qwen/Qwen3-VL-235B-A22B-Instruct
    Qwen/Qwen3-VL-2B-Instruct
    Qwen/Qwen3-VL-30B-A3B-Instruct
    Qwen/Qwen3-VL-32B-Instruct
    Qwen/Qwen3-VL-32B-Thinking
    Qwen/Qwen3-VL-4B-Instruct
    Qwen/Qwen3-VL-8B-Instruct
    Qwen/Qwen3.5-122B-A10B
    Qwen/Qwen3.5-27B
    Qwen/Qwen3.5-35B-A3B
    Qwen/Qwen3.5-397B-A17B
    sgl-project/DeepSeek-V4-Flash-FP8
    sgl-project/DeepSeek-V4-Pro-FP8
    stepfun-ai/Step-3.7-Flash
    stepfun-ai/Step-3.7-Flash-FP8
    XiaomiMiMo/MiMo-7B-Base
    XiaomiMiMo/MiMo-V2-Flash
    zai-org/GLM-5
    zai-org/GLM-5-FP8
    zai-org/GLM-5.1
    zai-org/GLM-5.1-FP8
    zai-org/GLM-5.2
    zai-org/GLM-5.2-FP8
  `
    .trim()
    .split(/\s+/);

  it.each(repositories)("%s resolves", (repository) => {
    const found = findModel(repository);
    expect(found?.parameters).toBeGreaterThan(5e8);
    if (repository.includes("-FP8")) expect(found?.nativeFormat).toBe("fp8");
    if (repository.includes("NVFP4")) expect(found?.nativeFormat).toBe("nvfp4");
  });

  it.each([
    ["GLM-5", 744],
    ["Llama-4-Maverick-17B-128E-Instruct", 400],
    ["MiMo-V2-Flash", 309],
    ["NVIDIA-Nemotron-3-Nano-30B-A3B-BF16", 31.6],
    ["nvidia/NVIDIA-Nemotron-3-Super-120B-A12B-FP8", 120.6],
    ["nvidia/NVIDIA-Nemotron-3-Ultra-550B-A55B-BF16", 550],
    ["Qwen/Qwen3.5-397B-A17B", 397],
  ])("%s adds up to the %d billion of its name, within 0.5 %%", (name, billions) => {
    const counted = (findModel(name)?.parameters ?? 0) / 1e9;
    expect(Math.abs(counted / billions - 1)).toBeLessThan(0.005);
  });

  it("a quantised release is the same model with that format", () => {
    expect(findModel("nvidia/Kimi-K2.5-NVFP4")).toMatchObject({ id: "kimi-k2.5", nativeFormat: "nvfp4" });
    expect(findModel("kimi-k2.5")?.nativeFormat).not.toBe("nvfp4");
  });

  it.each([
    ["Qwen/Qwen3-30B-A3B", "qwen3-30b-a3b-instruct-2507", 40_960],
    ["qwen3-30b-a3b", "qwen3-30b-a3b-instruct-2507", 40_960],
    ["Qwen/Qwen3-30B-A3B-FP8", "qwen3-30b-a3b-instruct-2507", 40_960],
    ["Qwen/Qwen3-30B-A3B-Instruct-2507", "qwen3-30b-a3b-instruct-2507", 262_144],
    ["Qwen/Qwen3-30B-A3B-Instruct-2507-FP8", "qwen3-30b-a3b-instruct-2507", 262_144],
    ["Qwen/Qwen3-235B-A22B", "qwen3-235b-a22b-instruct-2507", 40_960],
    ["nvidia/Qwen3-235B-A22B-NVFP4", "qwen3-235b-a22b-instruct-2507", 40_960],
    ["nvidia/MiniMax-M2.7-NVFP4", "minimax-m2.7", 196_608],
  ])("%s is of the family of %s and takes %i tokens, as its own config.json says", (repository, id, contextTokens) => {
    expect(findModel(repository)).toMatchObject({ id, contextTokens });
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

  it("GPU-R01: every type of the surveyed families is held, a part of a GPU and a host of a rack among them", () => {
    const sizes: Readonly<Record<string, string>> = {
      g4dn: "xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge metal",
      g5: "xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge",
      g6: "xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge",
      g6e: "xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge",
      g6f: "large xlarge 2xlarge 4xlarge",
      g7: "2xlarge 4xlarge 8xlarge 12xlarge 24xlarge 48xlarge",
      g7e: "2xlarge 4xlarge 8xlarge 12xlarge 24xlarge 48xlarge",
      gr6: "4xlarge 8xlarge",
      gr6f: "4xlarge",
      p4d: "24xlarge",
      p4de: "24xlarge",
      p5: "4xlarge 48xlarge",
      p5e: "48xlarge",
      p5en: "48xlarge",
      "p6-b200": "48xlarge",
      "p6-b300": "48xlarge",
      "p6e-gb200": "36xlarge",
    };
    const types = Object.entries(sizes).flatMap(([family, all]) => all.split(" ").map((size) => `${family}.${size}`));
    expect(instances.map(({ type }) => type).sort()).toEqual(types.sort());
  });

  it("a part of a GPU has its part of the memory, is priced, and no plan uses it", () => {
    const parts = instances.filter(({ gpuShare }) => gpuShare !== undefined);
    expect(parts.map((one) => [one.type, gpuCount(one), one.gpuMiB])).toEqual([
      ["g6f.large", "1/8", 2861],
      ["g6f.xlarge", "1/8", 2861],
      ["g6f.2xlarge", "1/4", 5722],
      ["g6f.4xlarge", "1/2", 11_444],
      ["gr6f.4xlarge", "1/2", 11_444],
    ]);
    for (const { type, gpu, gpuShare = 1, gpuMiB, notPlanned } of parts) {
      expect(gpuMiB, type).toBe((findGpu(gpu)?.reportedMiB ?? 0) * gpuShare);
      expect(notPlanned, type).toContain("GRID driver");
      expect(instancePrice(type, "us-east-1")?.basis, type).toBe("listed");
      expect(zonesOffering(type, "eu-central-1"), type).toEqual(["euc1-az2", "euc1-az3"]);
    }
    expect(instances.filter((one) => !plannableInstances().includes(one)).map(({ type }) => type)).toEqual([
      ...parts.map(({ type }) => type),
      "p6e-gb200.36xlarge",
    ]);
    expect(gpuCount({ gpus: 8 })).toBe("8");
  });

  it("a host of a GB200 rack is held as far as EC2's tables go, and is in no plan", () => {
    // 18 of them are an UltraServer: 2,592 vCPUs, 17,280 GiB, 405 TB of local disks, 28.8 Tb/s of EFA.
    expect(findInstance("p6e-gb200.36xlarge")).toMatchObject({
      gpus: 72 / 18,
      vcpus: 2592 / 18,
      memoryMiB: (17_280 * 1024) / 18,
      localNvmeGb: 405_000 / 18,
      networkMbps: 28_800_000 / 18,
      notPlanned: expect.stringContaining("UltraServer") as string,
    });
    expect(instancePrice("p6e-gb200.36xlarge", "us-east-1")).toBeUndefined();
  });

  // MaximumEfaInterfaces and MaximumNetworkCards of DescribeInstanceTypes, as moto 5.2.1 keeps them (read 2026-11-21).
  it.each([
    ["p4d.24xlarge", 4, 4],
    ["p4de.24xlarge", 4, 4],
    ["p5.4xlarge", 1, 1],
    ["p5.48xlarge", 32, 32],
    ["p5e.48xlarge", 32, 32],
    ["p5en.48xlarge", 16, 16],
    ["p6-b200.48xlarge", 8, 8],
    ["p6-b300.48xlarge", 16, 17],
    ["g6e.48xlarge", 4, 4],
    ["g6e.24xlarge", 2, 2],
    ["g6e.12xlarge", 1, 1],
    ["g6.48xlarge", 1, 1],
    ["g5.48xlarge", 1, 1],
    ["g5.xlarge", 0, 1],
  ])("GPU-R11: %s takes %i EFA interfaces on %i network cards", (type, efaInterfaces, networkCards) => {
    expect(findInstance(type)).toMatchObject({ efaInterfaces, networkCards });
  });

  it.each([
    ["p4d.24xlarge", 100_000],
    ["p5.48xlarge", 100_000],
    ["p5en.48xlarge", 200_000],
    ["p6-b200.48xlarge", 200_000],
    ["p6-b300.48xlarge", 350_000],
    ["g6e.24xlarge", 200_000],
    ["g5.xlarge", 2500],
  ])("a host of type %s sends and receives %i Mb/s at its one address", (type, mbps) => {
    const instance = findInstance(type);
    expect(instance && hostNetworkMbps(instance)).toBe(mbps);
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
      .filter((type) => families.has(type.split(".")[0]) && findInstance(type) === undefined);
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

import { afterEach, describe, expect, it } from "vitest";
import {
  assessDataClass,
  checkAdditions,
  checkCatalogue,
  extendCatalogue,
  findGpu,
  findInstance,
  findLicence,
  findModel,
  findProfile,
  gpus,
  instancePrice,
  instances,
  models,
  zonesOffering,
  type GpuRecord,
  type InstanceRecord,
  type LicenceRecord,
  type ModelProfile,
  type ModelRecord,
} from "./index";

const llama = findModel("llama-3.1-8b-instruct");
const a10g = findGpu("a10g");
const g5 = findInstance("g5.xlarge");
if (llama === undefined || a10g === undefined || g5 === undefined) throw new Error("the built-in records are gone");

const sourced = { source: "bank/models@0123456", asOf: "2026-11-01" };
const model: ModelRecord = {
  ...llama,
  id: "bank-8b",
  repository: "bank/Bank-8B",
  aliases: ["bank:8b"],
  unverified: [],
  licence: "bank-internal",
  ...sourced,
};
const licence: LicenceRecord = {
  id: "bank-internal",
  name: "Internal use",
  commercial: "yes",
  obligations: [],
  useLimits: [],
  ...sourced,
};
const profile: ModelProfile = {
  id: "bank-8b",
  publisher: "Bank",
  uses: [{ use: "documentation", by: "publisher", says: "letters to customers", ...sourced }],
};
const gpu: GpuRecord = {
  ...a10g,
  id: "b77",
  name: "Brand B77",
  aliases: ["brand-b77"],
  gpuClass: "b77",
  ...sourced,
};
const instance: InstanceRecord = { ...g5, type: "b7.xlarge", gpu: "b77", ...sourced };
const prices = [
  { region: "eu-central-1", usdPerHour: { "b7.xlarge": 2.5 }, ...sourced },
  { region: "us-east-1", usdPerHour: { "g5.xlarge": 0.61 }, ...sourced },
];
const offerings = [{ region: "eu-central-1", zones: ["euc1-az1", "euc1-az2"], types: ["b7.xlarge"] }];
const additions = {
  models: [model],
  profiles: [profile],
  licences: [licence],
  gpus: [gpu],
  instances: [instance],
  prices,
  offerings,
};

const undo: (() => void)[] = [];
const extend = (records: unknown) => {
  const back = extendCatalogue(records);
  undo.push(back);
  return back;
};
afterEach(() => {
  while (undo.length > 0) undo.pop()?.();
});

const problemsOf = (records: unknown) => {
  const checked = checkAdditions(records);
  return checked.ok ? [] : checked.problems.map(({ path, reason }) => `${path}: ${reason}`);
};

describe("records of one's own", () => {
  it("are found by every name, and gone when undone", () => {
    const before = [models.length, gpus.length, instances.length];
    const back = extend(additions);
    expect(findModel("bank/Bank-8B")?.id).toBe("bank-8b");
    expect(findModel("bank:8b")?.id).toBe("bank-8b");
    expect(findGpu("Brand B77")?.id).toBe("b77");
    expect(findInstance("b7.xlarge")?.gpu).toBe("b77");
    expect(findLicence("bank-internal")?.name).toBe("Internal use");
    expect(findProfile("bank-8b")?.publisher).toBe("Bank");
    expect(zonesOffering("b7.xlarge", "eu-central-1")).toEqual(["euc1-az1", "euc1-az2"]);
    expect(instancePrice("b7.xlarge", "eu-central-1")).toMatchObject({ usd: 2.5, basis: "listed", asOf: "2026-11-01" });
    expect(assessDataClass(model, { dataClass: "restricted" }).verdict).toBe("suitable");
    expect([models.length, gpus.length, instances.length]).toEqual(before.map((count) => count + 1));
    back();
    expect(findModel("bank-8b")).toBeUndefined();
    expect(findGpu("b77")).toBeUndefined();
    expect(findInstance("b7.xlarge")).toBeUndefined();
    expect(findLicence("bank-internal")).toBeUndefined();
    expect(findProfile("bank-8b")).toBeUndefined();
    expect(zonesOffering("b7.xlarge", "eu-central-1")).toEqual([]);
    expect([models.length, gpus.length, instances.length]).toEqual(before);
  });

  it("a price of one's own takes the place of the listed one", () => {
    const listed = instancePrice("g5.xlarge", "us-east-1")?.usd;
    extend({ prices });
    expect(instancePrice("g5.xlarge", "us-east-1")).toMatchObject({ usd: 0.61, source: sourced.source });
    undo.pop()?.();
    expect(instancePrice("g5.xlarge", "us-east-1")?.usd).toBe(listed);
  });

  it("the same records twice are one: a plan parses an environment, and the program does again", () => {
    extend(additions);
    extend(structuredClone(additions));
    expect(models.filter(({ id }) => id === "bank-8b")).toHaveLength(1);
    expect(checkCatalogue("2026-11-21").findings.filter(({ severity }) => severity === "error")).toEqual([]);
  });

  it.each([
    [
      "a total that disagrees",
      { models: [{ ...model, parameters: 8e9 }], licences: [licence] },
      "models[0].parameters: got 8000000000, the shape adds up to 8030261248",
    ],
    ["an unknown licence", { models: [model] }, 'models[0].licence: unknown licence "bank-internal", nearest: '],
    [
      "an id that is taken",
      { models: [{ ...model, id: "qwen3-8b" }], licences: [licence] },
      'models[0].id: "qwen3-8b" is another model of the catalogue already',
    ],
    [
      "an alias that is taken",
      { models: [{ ...model, aliases: ["llama-7b"] }], licences: [licence] },
      'models[0].aliases[0]: "llama-7b" is another model',
    ],
    [
      "a missing source",
      { models: [{ ...model, source: "" }], licences: [licence] },
      "models[0].source: state the document",
    ],
    [
      "a day that is none",
      { gpus: [{ ...gpu, asOf: "yesterday" }] },
      "gpus[0].asOf: must be the day of the source, YYYY-MM-DD",
    ],
    ["a misspelt field", { gpus: [{ ...gpu, wats: 3 }] }, 'gpus[0]: Unrecognized key: "wats"'],
    [
      "more EFA interfaces than network cards",
      { instances: [{ ...instance, gpu: "a10g", efaInterfaces: 2 }] },
      "instances[0].efaInterfaces: must be at most networkCards: each has a card of its own",
    ],
    [
      "one card faster than all together",
      { instances: [{ ...instance, gpu: "a10g", firstCardMbps: 2 * instance.networkMbps }] },
      "instances[0].firstCardMbps: must be at most networkMbps, the rate of all cards",
    ],
    [
      "a part of a GPU that plans would take for a whole one",
      { instances: [{ ...instance, gpu: "a10g", gpuShare: 0.5 }] },
      "instances[0].notPlanned: must be stated where gpuShare is: sizing knows the rates of whole GPUs only",
    ],
    [
      "parts of two GPUs",
      { instances: [{ ...instance, gpu: "a10g", gpus: 2, gpuShare: 0.5, notPlanned: "a part of a GPU" }] },
      "instances[0].gpus: must be 1 where gpuShare says which part of it the type has",
    ],
    [
      "a whole GPU as a part",
      { instances: [{ ...instance, gpu: "a10g", gpuShare: 1, notPlanned: "a part of a GPU" }] },
      "instances[0].gpuShare: must be at most 0.5",
    ],
    ["an instance of an unknown GPU", { instances: [instance] }, 'instances[0].gpu: unknown GPU "b77"'],
    [
      "a GPU's name that is taken",
      { gpus: [{ ...gpu, aliases: ["a100_sxm"] }] },
      'gpus[0].aliases[0]: "a100_sxm" is another GPU',
    ],
    [
      "an instance type that is taken",
      { instances: [{ ...g5, vcpus: 5 }] },
      'instances[0].type: "g5.xlarge" is another instance type',
    ],
    ["a licence that is taken", { licences: [{ ...licence, id: "mit" }] }, 'licences[0].id: "mit" is another licence'],
    [
      "prices in no region",
      { prices: [{ ...prices[0], region: "eu-centrl-1" }] },
      'prices[0].region: unknown region "eu-centrl-1", nearest: eu-central-1',
    ],
    ["a profile without its model", { profiles: [profile] }, 'profiles[0].id: no model "bank-8b"'],
  ])("%s is refused", (_, records, message) => {
    expect(problemsOf(records).join("\n")).toContain(message);
    expect(() => extendCatalogue(records)).toThrow(/records that the catalogue cannot take/);
    expect(findModel("bank-8b")).toBeUndefined();
  });

  it("every problem is named at once", () => {
    const records = { models: [{ ...model, parameters: 1, licence: "none" }], instances: [instance] };
    expect(problemsOf(records)).toHaveLength(3);
  });

  it("what is no document of records is refused", () => {
    expect(problemsOf([])).toHaveLength(1);
    expect(problemsOf({ model: [] })).toHaveLength(1);
  });
});

describe("check of the catalogue", () => {
  const on = (day: string) => checkCatalogue(day).findings;

  it("has no error", () => {
    expect(on("2026-11-21").filter(({ severity }) => severity === "error")).toEqual([]);
  });

  it("prices warn after 90 days, evidence after a year", () => {
    const warned = (day: string, record: RegExp) =>
      on(day).some((one) => record.test(one.record) && one.reason.includes("days old"));
    expect(warned("2026-11-22", /^profile /)).toBe(false);
    expect(warned("2027-11-23", /^profile qwen3-32b$/)).toBe(true);
    expect(warned("2026-11-22", /^price kms-key-month$/)).toBe(false);
    expect(warned("2027-03-01", /^price kms-key-month$/)).toBe(true);
    expect(warned("2026-11-22", /^price cloudwatch-logs-ingest-gb$/)).toBe(true);
  });

  it("licences whose text nobody read warn", () => {
    expect(on("2026-11-21").map(({ record }) => record)).toEqual(
      expect.arrayContaining(["licence kimi-k3", "licence minimax-community"]),
    );
  });

  it("a model without a profile warns, one that is wrong is an error", () => {
    extend({ models: [model], licences: [licence] });
    expect(on("2026-11-21")).toContainEqual(expect.objectContaining({ severity: "warning", record: "model bank-8b" }));
  });

  it("counts what is known", () => {
    const { coverage } = checkCatalogue("2026-11-21");
    expect(coverage.models).toBe(models.length);
    expect(coverage.uses).toBeGreaterThan(70);
  });
});

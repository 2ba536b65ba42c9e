import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { KeptSchemas, type AllSchemas } from "./kept-schemas";
import type { Schema } from "./schema";

const attribute = (name: string, computed: boolean) => ({
  ...{ name, type: ["list", "string"] as const, required: false, optional: !computed, computed },
});
const network: Schema = {
  block: {
    attributes: [attribute("cidr", false), attribute("arn", true)],
    block_types: [{ type_name: "rule", nesting: 3, block: { attributes: [], block_types: [] } }],
  },
};
const bare: Schema = { block: { attributes: [], block_types: [] } };
const answer: AllSchemas = {
  provider: { block: { attributes: [attribute("region", false)], block_types: [] } },
  resources: new Map([
    ["aws_network", network],
    ["aws_bare", bare],
  ]),
};

let cache: string;
let program: string;
let asked: number;
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-schemas-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  cache = join(folder, "a", "cache");
  program = join(folder, "program");
  writeFileSync(program, "version 1");
  asked = 0;
});

async function schemas(): Promise<KeptSchemas> {
  const ask = () => {
    asked += 1;
    return Promise.resolve(answer);
  };
  const found = await KeptSchemas.of(program, ask, cache);
  expect(found.provider).toEqual(answer.provider);
  expect(found.find("aws_network")).toEqual(network);
  expect(found.find("aws_bare")).toEqual(bare);
  expect(found.find("aws_other")).toBeUndefined();
  expect([...found.outlines]).toEqual([
    ["aws_network", { cidr: true, arn: false, rule: true }],
    ["aws_bare", {}],
  ]);
  return found;
}

function keptFile(): string {
  const names = readdirSync(cache);
  expect(names).toEqual([expect.stringMatching(/^terraform-schemas-[0-9a-f]{16}$/)]);
  return join(cache, names[0] ?? "");
}

describe("the schemas of a Terraform provider", () => {
  it("are asked for once per program, and the same when they come from the cache", async () => {
    await schemas();
    await schemas();
    expect(asked).toBe(1);
    keptFile();
  });

  it("are asked for again when the program is another one, which takes the old one's place", async () => {
    await schemas();
    writeFileSync(program, "version 2.0");
    await schemas();
    await schemas();
    expect(asked).toBe(2);
    keptFile();
  });

  it.for<[what: string, damage: (text: string) => string]>([
    ["is cut off", (text) => text.slice(0, -1)],
    ["was changed", (text) => text.replace("cidr", "size")],
    ["is empty", () => ""],
    ["is of another format", (text) => text.replace('"format":', '"format":9')],
    ["is of a program elsewhere", (text) => text.replace("/program", "/elsewhere")],
    ["is something else", () => "{}\nnull"],
  ])("are asked for again when what was kept %s", async ([, damage]) => {
    await schemas();
    const text = readFileSync(keptFile(), "utf8");
    writeFileSync(keptFile(), damage(text));
    expect(readFileSync(keptFile(), "utf8")).not.toBe(text);
    await schemas();
    expect(asked).toBe(2);
    expect(readFileSync(keptFile(), "utf8")).toBe(text);
    await schemas();
    expect(asked).toBe(2);
  });

  it("are asked for every time where nothing can be kept", async () => {
    writeFileSync(join(cache, "../../a"), "no folder");
    await schemas();
    await schemas();
    expect(asked).toBe(2);
  });

  it("are not kept when the provider does not tell them", async () => {
    const silent = KeptSchemas.of(program, () => Promise.reject(new Error("no answer")), cache);
    await expect(silent).rejects.toThrow("no answer");
    await schemas();
    expect(asked).toBe(1);
  });
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { capture, chat, folderOf, holdfastSize } from "./captured-size.fixture";
import { size } from "./size";
import { hostOf } from "./size-facts";

const { folder, file, remove } = folderOf("size-money");
afterAll(remove);

describe("--money", () => {
  it("shows every way of having the fleet per month and per million tokens, and hosted offers with their break-even", async () => {
    const { out } = await holdfastSize(...chat, "--gpu", "h100", "--money");
    for (const way of ["on-demand", "reserved-1y", "reserved-3y", "spot", "capacity-block", "owned"])
      expect(out, way).toMatch(new RegExp(`^${way} +~?\\$[\\d,]+ +~?[\\d.]+ +20\\d\\d-`, "m"));
    expect(out).toMatch(/^bedrock\/llama-3\.1-8b-instruct +\$0\.22 \/ \$0\.22 +\$[\d,]+ +2026-11-09/m);
    expect(out).toContain("even with on-demand");
    expect(out).toMatch(/tokens a day; by volume alone above 1,000,000: host it yourself; by price /);
  });

  it("a rule of thumb has a ~, a price that the catalogue lists has none", async () => {
    const { out } = await holdfastSize(...chat, "--gpu", "rtx-pro-6000", "--money");
    expect(out).toMatch(/^reserved-3y +~\$[\d,]+ +~[\d.]+ +2026-03-31/m);
    expect(out).toMatch(/^spot +\$[\d,]+ +[\d.]+ +2026-08-10/m);
    expect(out).toContain("rules of thumb, state your own with --costs: reserved-1y, reserved-3y\n");
  });

  it("a stale price says so, in the text, in JSON and on the page", async () => {
    const page = join(folder, "stale.html");
    const options = { model: "qwen3-32b", region: "us-east-1", replicas: 1, money: true, html: page };
    const { shown, terminal } = capture();
    await size(options, terminal, "2027-06-01");
    expect(shown.out).toMatch(/^money: .* on demand STALE/m);
    expect(shown.out).toMatch(/^on-demand .* 2026-\d\d-\d\d STALE/m);
    expect(shown.out).toMatch(/^bedrock\/qwen3-32b .* 2026-11-09 STALE/m);
    expect(shown.out).toContain("STALE, older than 90 days: ");
    expect(readFileSync(page, "utf8")).toContain('<span class="warn"> STALE</span>');
    const json = capture();
    await size({ ...options, json: true }, json.terminal, "2027-06-01");
    const { money } = JSON.parse(json.shown.out) as { money: { ways: { name: string; stale: boolean }[] } };
    expect(money.ways[0]).toMatchObject({ name: "on-demand", stale: true });
  });

  it("a young list price is not called stale", async () => {
    const { shown, terminal } = capture();
    await size({ model: "qwen3-32b", region: "us-east-1", replicas: 1 }, terminal, "2026-09-01");
    expect(shown.out).not.toContain("STALE");
  });

  it("--utilisation decides the tokens of a month", async () => {
    const cost = async (percent: string) => {
      const { out } = await holdfastSize(...chat, "--json", "--utilisation", percent);
      return (JSON.parse(out) as { money: { ways: { usdPerMillion: number }[] } }).money.ways[0]?.usdPerMillion ?? 0;
    };
    expect(await cost("20")).toBeCloseTo(2 * (await cost("40%")), 6);
    expect((await holdfastSize(...chat, "--utilisation", "120")).code).toBe(2);
  });

  it("--costs puts one's own figures in place of the assumptions; a wrong key is named", async () => {
    const costs = file(
      "costs.yaml",
      "shares:\n  spot: 0.3\nsite:\n  serverUsd: 20000\n  usdPerKwh: 0.3\n  people: 0\nhosted:\n  - id: ours\n    model: meta-llama/Llama-3.1-8B-Instruct\n    inputUsd: 0.01\n    outputUsd: 0.02\n    source: our contract\n    asOf: 2026-11-01\n",
    );
    const { code, out } = await holdfastSize(...chat, "--gpu", "l40s", "--money", "--explain", "--costs", costs);
    expect(code).toBe(0);
    expect(out).toMatch(/^ours +\$0\.01/m);
    expect(out).toContain("x $0.3 = ");
    expect(out).toContain("owned, people: 0 x ");
    const bad = await holdfastSize(...chat, "--costs", file("bad.yaml", "shares:\n  sport: 0.3\nsite:\n  pue: 0.5\n"));
    expect(bad.code).toBe(2);
    expect(bad.err).toContain("does not hold costs");
    expect(bad.err).toContain("site.pue: ");
    expect((await holdfastSize(...chat, "--costs", join(folder, "none"))).err).toContain("cannot read the costs");
  });
});

describe("on premises", () => {
  it("sizes servers of one's own, with power, heat, supplies, disks, memory and network", async () => {
    const { code, out } = await holdfastSize(...chat, "--on-prem", "--gpu", "rtx-4090", "--replicas", "2");
    expect(code).toBe(0);
    expect(out).toMatch(
      /^\d x server with \d x rtx-4090: llama-3\.1-8b-instruct \w+, \$[\d,]+ a month without people$/m,
    );
    for (const check of ["power", "cooling", "rack", "memory", "disk", "network", "redundancy", "profile"])
      expect(out, check).toMatch(new RegExp(`^${check} +ok +`, "m"));
    expect(out).toMatch(/kWh a month, \$[\d,]+ of power; heat [\d,]+ BTU\/h = [\d.]+ tons/);
  });

  it("a stated profile or host that fails a check ends with 1; a proposed one does not", async () => {
    const profile = await holdfastSize(...chat, "--profile", "small", "--gpu", "rtx-4090");
    expect(profile.code).toBe(1);
    expect(profile.out).toMatch(/^power +FAILS +1 x rtx-4090 draw 1117\.6 W; a supply of 1341\.2 W is recommended/m);
    const host = [
      "--host",
      "gpus=1,cores=16,memory=128,storage=1000,disk=7000,network=10,supplies=1600+1600,cooling=900",
    ];
    expect((await holdfastSize(...chat, "--gpu", "rtx-4090", ...host)).code).toBe(0);
    expect((await holdfastSize(...chat, "--gpu", "rtx-4090", "--host", "gpus=1,memory=16")).code).toBe(1);
  });

  it("a card without a known price says that the servers themselves are not in the sum, until their price is stated", async () => {
    const bare = await holdfastSize(...chat, "--on-prem", "--gpu", "l40s");
    expect(bare.out).toContain("assumed: nothing for the servers themselves: no purchase price of l40s is known");
    const costs = file("l40s.yaml", "site:\n  serverUsd: 15000\n");
    expect((await holdfastSize(...chat, "--on-prem", "--gpu", "l40s", "--costs", costs)).out).not.toContain("assumed:");
  });

  it("a profile without that card, and an unknown card, are refused", async () => {
    expect((await holdfastSize(...chat, "--profile", "small", "--gpu", "h100")).err).toContain(
      "the small profile has no h100",
    );
    expect((await holdfastSize(...chat, "--on-prem", "--gpu", "rtx-9090")).err).toContain(
      'unknown GPU class "rtx-9090"',
    );
  });

  it("what does not fit is refused with exit code 2", async () => {
    const { code, err } = await holdfastSize("-m", "llama-3.1-70b-instruct", "--format", "bf16", "--profile", "small");
    expect(code).toBe(2);
    expect(err).toContain("cannot be served");
  });

  it("--host names every bad part at once", () => {
    expect(hostOf("gpus=2,supplies=1000+1000")).toEqual({ gpus: 2, supplies: [1000, 1000] });
    expect(() => hostOf("ram=3,cores=many,memory=1+2")).toThrow(
      /ram: not a figure of a host; known: gpus .*\n {2}cores: must be processor cores, above 0, got "many"\n {2}memory: must be GB of host memory/,
    );
  });
});

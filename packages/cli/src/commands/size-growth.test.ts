import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { chat, folderOf, holdfastSize } from "./captured-size.fixture";
import { startOf } from "./size-facts";

const { folder, remove } = folderOf("size-growth");
afterAll(remove);

interface Grown {
  readonly autoscaling: { minimumReplicas: number; maximumReplicas: number; scaleInSeconds: number };
  readonly coldStart: { seconds: number; components: { what: string; seconds: number }[] };
  readonly need: { scaling?: object; start?: object };
}
const grown = async (...options: readonly string[]) =>
  JSON.parse((await holdfastSize(...chat, "-r", "20", "--gpu", "l4", ...options, "--json")).out) as Grown;

describe("how the fleet grows", () => {
  it("the quietest and the busiest rate decide the bounds, the longest response how long one drains", async () => {
    const assumed = await grown();
    expect(assumed.need).not.toHaveProperty("scaling");
    const flat = await grown("--quiet-rate", "20", "--burst-rate", "20");
    expect(flat.autoscaling.minimumReplicas).toBe(flat.autoscaling.maximumReplicas);
    expect(flat.autoscaling.minimumReplicas).toBeGreaterThan(assumed.autoscaling.minimumReplicas);
    const wide = await grown("--quiet-rate", "0", "--burst-rate", "80", "--rise", "4", "--longest-response", "2000");
    expect(wide.autoscaling.minimumReplicas).toBe(1);
    expect(wide.autoscaling.maximumReplicas).toBeGreaterThan(2 * assumed.autoscaling.maximumReplicas);
    expect(wide.autoscaling.scaleInSeconds).toBe(2000);
    expect(wide.need.scaling).toEqual({
      quietRequestsPerSecond: 0,
      burstRequestsPerSecond: 80,
      risePerMinute: 4,
      longestResponseSeconds: 2000,
    });
  });

  it("what is known of a start shortens it, component by component", async () => {
    const cold = await grown();
    const warm = await grown("--start", "image-cached, compile-cached,warm-pool,stream");
    expect(warm.coldStart.seconds).toBeLessThan(cold.coldStart.seconds / 2);
    const large = await grown("--start", "image=20,disk=500");
    const of = ({ coldStart }: Grown, what: string) => coldStart.components.find((one) => one.what === what)?.seconds;
    expect(of(large, "engine image")).toBeCloseTo(2 * Number(of(cold, "engine image")), 6);
    expect(Number(of(large, "weights into the GPUs"))).toBeGreaterThan(Number(of(cold, "weights into the GPUs")));
  });

  it("the two sentences are there without --explain where something of it was stated, and only there", async () => {
    expect((await holdfastSize(...chat)).out).not.toMatch(/^(cold start|autoscaling): /m);
    const { out } = await holdfastSize(...chat, "--start", "image-cached", "--quiet-rate", "0.2");
    expect(out).toMatch(/^cold start: host 60 \+ weights .* = \d+ s$/m);
    expect(out).toMatch(/^autoscaling: \d+ to \d+ replicas; .*assumed: half as much again in bursts, from quiet/m);
  });

  it("every bad fact of a start is named at once, and a rate that is none is refused", async () => {
    expect(() => startOf("image-cachd,image=ten,stream=yes")).toThrow("--start");
    const { code, err } = await holdfastSize(...chat, "--start", "image-cachd,image=ten,disk");
    expect(code).toBe(2);
    expect(err).toContain("image-cachd: nothing that a start is known by; known: image-cached (");
    expect(err).toContain('image: must be compressed size of the engine\'s image, GB, above 0, got "ten"');
    expect(err).toContain('disk: must be MB/s that the local disks read, above 0, got ""');
    expect((await holdfastSize(...chat, "--quiet-rate", "-1")).code).toBe(2);
  });
});

describe("--compare", () => {
  it("shows the cloud and servers of one's own side by side, and says which costs less and from what load on that turns", async () => {
    const page = join(folder, "compare.html");
    const { code, out } = await holdfastSize(...chat, "-r", "4", "--replicas", "2", "--compare", "--html", page);
    expect(code).toBe(0);
    expect(out).toMatch(/^\d+ x g\d/);
    const from = out.indexOf("the cloud and servers of one's own");
    const lines = out.slice(from).split("\n");
    expect(lines[1]).toMatch(/^where +what +first token +per token +USD\/month +USD\/1M +paid$/);
    expect(lines[2]).toMatch(/^cloud +\d+ x g\d\S+ \S+ +\d+ ms +\d+ ms +\$[\d,]+ +[\d.]+ +on-demand/);
    expect(lines[3]).toMatch(/^ +\$[\d,]+ +[\d.]+ +reserved-3y STALE$/);
    expect(lines[4]).toMatch(/^own servers +\d+ x server with \d x \S+ \S+ .* owned, people \$6,250 of it$/);
    expect(out).toMatch(/^the cloud: \$[\d,]+ a month cheaper, on demand \(\$[\d,]+\) against owned with people/m);
    expect(out).toMatch(/^from about \d+ times the load on, [\d.]+ requests\/s, own servers are cheaper$/m);
    const html = readFileSync(page, "utf8");
    expect(html).toContain('<section id="places">');
    expect(html).toContain("people $6,250 of it");
  });

  it("with --on-prem the choice is the own server's, and the cloud stands beside it; --costs count", async () => {
    const { out } = await holdfastSize(...chat, "--on-prem", "--gpu", "a100", "--compare");
    expect(out).toMatch(/^\d+ x server with \d x a100/);
    expect(out).toMatch(/^cloud +\d+ x p4de?\.24xlarge/m);
    const { places } = JSON.parse((await holdfastSize(...chat, "--compare", "--json")).out) as {
      places: { cheaper: string; places: { where: string; monthlyUsd: number }[] };
    };
    expect(places.places.map(({ where }) => where)).toEqual(["cloud", "own servers"]);
    const monthly = places.places.map((one) => one.monthlyUsd);
    expect(places.cheaper).toBe((monthly[0] ?? 0) <= (monthly[1] ?? 0) ? "cloud" : "own servers");
  });

  it("a place that cannot is named with the reason; a processor alone is not compared", async () => {
    const { code, out } = await holdfastSize(...chat, "--on-prem", "--gpu", "rtx-4090", "--compare");
    expect(code).toBe(0);
    expect(out).toMatch(/^cloud: .*no such instance type is offered in us-east-1/m);
    expect((await holdfastSize(...chat, "--cpu", "--compare")).err).toContain("leave out --cpu");
  });
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parse } from "csv-parse/sync";
import { stringify } from "csv-stringify/sync";
import { afterAll, describe, expect, it } from "vitest";
import { sizeBatch } from "./size-batch";

type Cells = Record<string, string>;
const data = resolve(__dirname, "../../../sizing/data");
const folder = mkdtempSync(join(tmpdir(), "holdfast-batch-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** The second measured file as a user would feed it: names and numbers as they stand there, nothing of what was measured. */
function batchOf(row: Cells): Cells {
  const window = row.protocol === "decode_window";
  return {
    model: row.model_path ?? "",
    gpu: row.system ?? "",
    format: row.precision ?? "",
    engine_version: row.backend_version ?? "",
    tensor_parallel: row.tp_size ?? "",
    data_parallel: row.attention_dp_size ?? "",
    expert_parallel: row.moe_ep_size ?? "",
    prompt_tokens: row.isl ?? "",
    output_tokens: row.osl ?? "",
    concurrency: (window ? row.mean_running : row.batch_size) ?? "",
    protocol: row.protocol ?? "",
    request_rate: row.request_rate ?? "",
  };
}

describe("the second measured file through holdfast size --batch", () => {
  const measured: Cells[] = parse(readFileSync(join(data, "measured-more.csv")), { columns: true });
  const predict = async (): Promise<Cells[]> => {
    const file = join(folder, "more.csv");
    writeFileSync(file, stringify(measured.map(batchOf), { header: true }));
    let out = "";
    let err = "";
    const terminal = { out: (text: string) => (out += text), err: (text: string) => (err += text) };
    expect(await sizeBatch(file, terminal as unknown as Parameters<typeof sizeBatch>[1])).toBe(0);
    expect(err).toBe("");
    return parse(out, { columns: true });
  };
  const columns = [
    ["silicon_tpot_ms", "tpot_ms", 3],
    ["silicon_ttft_ms", "ttft_ms", 8],
    ["e2e_ms", "e2e_ms", 13],
    ["tokens_per_second", "tokens_per_second", 18],
  ] as const;

  it("its errors by load are those of the committed table, or smaller; nine in ten measurements are inside the bounds", async () => {
    const rows = await predict();
    const table = readFileSync(join(data, "results.md"), "utf8").split("\n");
    for (const protocol of new Set(measured.map((row) => row.protocol))) {
      for (const [of, column, place] of columns) {
        const pairs = rows.flatMap((row, index) => {
          const truth = measured[index]?.[of] ?? "";
          if (measured[index]?.protocol !== protocol || truth === "") return [];
          return [{ row, ratio: Number(truth) / Number(row[column]), truth: Number(truth) }];
        });
        if (pairs.length === 0) continue;
        const mean = pairs.reduce((sum, one) => sum + Math.abs(1 / one.ratio - 1), 0) / pairs.length;
        const line = table.find((one) => one.startsWith(`| **${protocol ?? ""}**`));
        const stated = Number(line?.split("|")[place]);
        // The table holds out the rows' own group in the host overhead; of a burst's first token it counts the queue, from the notes.
        expect(100 * mean, `${protocol ?? ""} ${column}`).toBeLessThanOrEqual(stated * 1.15 + 1);
        const inside = pairs.filter(
          ({ row, truth }) => truth >= Number(row[`${column}_low`]) && truth <= Number(row[`${column}_high`]),
        );
        expect(inside.length / pairs.length, `${protocol ?? ""} ${column} inside`).toBeGreaterThanOrEqual(
          pairs.length < 20 ? 0.75 : 0.85,
        );
      }
    }
  });

  it("what runs at once in a burst comes out of the memory budget: within a factor of two of what was measured, half of them within a quarter", async () => {
    const rows = await predict();
    const off = rows.flatMap((row, index) => {
      const truth = Number(measured[index]?.mean_running);
      // Under three sequences the measured mean is that of an engine which mostly computes prompts.
      if (measured[index]?.protocol !== "burst" || truth < 3) return [];
      return [Math.abs(Math.log(Number(row.running) / truth))];
    });
    expect(off.length).toBeGreaterThan(35);
    off.sort((a, b) => a - b);
    expect(off[Math.floor(off.length / 2)]).toBeLessThan(Math.log(1.3));
    expect(off[Math.floor(0.9 * off.length)]).toBeLessThan(Math.log(2));
  });
});

import { findModel, type ModelRecord } from "@holdfast/catalog";
import { describe, expect, it } from "vitest";
import { weightSize } from "../weights";
import { formatByNeed, type QuantisationQuestion } from "./quantisation";

const model = (id: string): ModelRecord => {
  const found = findModel(id);
  if (found === undefined) throw new Error(id);
  return found;
};
const llama = model("llama-3.1-8b-instruct");
const advice = (more: Partial<QuantisationQuestion>) => formatByNeed({ model: llama, memoryGb: 24, ...more });
/** Formats and what is said of them, the one that is taken first. */
const told = (more: Partial<QuantisationQuestion>) => {
  const answer = advice(more);
  return [answer.ok ? answer.format : undefined, ...answer.passedOver.map(({ format }) => format)];
};

describe("the format for a memory and a quality", () => {
  it("is one of those looked at, and every other one is passed over", () => {
    expect(told({})).toEqual(["bf16", "fp8", "awq"]);
    // 16 GB of weights and half a GB of cache do not leave a tenth of 16 GB.
    expect(told({ memoryGb: 16 })).toEqual(["fp8", "bf16", "awq"]);
    expect(told({ memoryGb: 8 })).toEqual(["awq", "bf16", "fp8"]);
    expect(told({ memoryGb: 4 })).toEqual([undefined, "bf16", "fp8", "awq"]);
  });

  it("a number says what has to be left: FP8 keeps 99, AWQ 92", () => {
    expect(told({ memoryGb: 16, quality: 99 })[0]).toBe("fp8");
    expect(told({ memoryGb: 16, quality: 99.1 })[0]).toBeUndefined();
    expect(told({ memoryGb: 8, quality: 92 })[0]).toBe("awq");
    expect(told({ memoryGb: 8, quality: 93 })[0]).toBeUndefined();
    expect(told({ memoryGb: 24, quality: 100 })[0]).toBe("bf16");
  });

  it("what keeps just enough but does not fit is passed over for its size, not for its quality", () => {
    const why = (quality: number, format: string) =>
      advice({ memoryGb: 8, quality }).passedOver.find((one) => one.format === format)?.why;
    expect(why(99, "fp8")).toContain("does not fit 8 GB");
    expect(why(99.5, "fp8")).toContain("99.5 % are needed");
  });

  it("has the bytes of its weights and its quality, those passed over too", () => {
    const answer = advice({});
    expect(answer).toMatchObject({ ok: true, quality: 100, bytes: weightSize(llama, "bf16").bytes });
    expect(answer.passedOver.map(({ quality, bytes }) => [quality, bytes])).toEqual([
      [99, weightSize(llama, "fp8").bytes],
      [92, weightSize(llama, "awq").bytes],
    ]);
  });

  it("a model that is published in 4 bit is offered so, whatever the card", () => {
    const nemotron = model("nemotron-3.5-lightning-30b-a3b");
    expect(nemotron.nativeFormat).toBe("nvfp4");
    expect(advice({ model: nemotron, memoryGb: 80 })).toMatchObject({ ok: true, format: "nvfp4", quality: 100 });
  });

  it("a longer context takes what is left", () => {
    // 131,072 bytes a token: 30,000 tokens are 3.9 GB, with 16.1 GB of weights and 2.4 GB for the engine 22.4.
    expect(told({ contextTokens: 30_000 })[0]).toBe("bf16");
    // 50,000 are 6.6 GB.
    expect(told({ contextTokens: 50_000 })[0]).toBe("fp8");
  });
});

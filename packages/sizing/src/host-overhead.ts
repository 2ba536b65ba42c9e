import { hostOverheads, type HostConstants } from "./time-constants";

/**
 * Time that an engine spends outside of the GPU beyond what a version of 2026 does, s: per step, per step and GPU after the
 * first, per step and running sequence.
 */
export type HostOverhead = HostConstants;

/** Engines by what their host side costs. Measured runs fall into three clear classes. */
export type EngineEra = keyof typeof hostOverheads;

/** The class of a vLLM version; texts such as `0.5.x (2024)` and `2023 (not stated)` count too. Unknown: the newest. */
export function engineEra(version: string | undefined): EngineEra {
  const text = version ?? "";
  const year = /^20(\d\d)/.exec(text)?.[1];
  if (year !== undefined) return Number(year) <= 23 ? "first" : Number(year) <= 24 ? "early" : "v1";
  const minor = /^v?0\.(\d+)/.exec(text)?.[1];
  if (minor === undefined) return "current";
  if (Number(minor) < 3) return "first";
  if (Number(minor) < 8) return "early";
  return Number(minor) < 12 ? "v1" : "current";
}

export function hostOverhead(version: string | undefined): HostOverhead {
  return hostOverheads[engineEra(version)];
}

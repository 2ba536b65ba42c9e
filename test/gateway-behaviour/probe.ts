import type { HostFile } from "@holdfast/core";
import type { Answer } from "./call";
import type { BenchOptions, CompiledGateway, GatewayBench } from "./gateway-bench";

/** One thing a gateway must do, and a change to its files under which it no longer does: a probe that never fails proves nothing. */
export interface Probe {
  readonly name: string;
  /** Looks, and says what is wrong; nothing when all is well. */
  readonly run: (bench: GatewayBench) => Promise<string | undefined>;
  /** A change that `run` must notice. */
  readonly breakage: (file: HostFile) => string;
  /** Whether the policy has what the probe looks at. @default always */
  readonly applies?: (compiled: CompiledGateway) => boolean;
  /** A change the probe needs in order to see something in little time, sound or broken. @default none */
  readonly adapt?: (file: HostFile) => string;
  /** @default 1 */
  readonly gateways?: number;
}

/** A change to haproxy.cfg. Throws when the text to change is not there, so that a probe's breakage cannot rot. */
export function inConfig(find: string | RegExp, replacement: string): (file: HostFile) => string {
  return (file) => {
    if (file.reader !== "haproxy") return file.content;
    const changed = file.content.replaceAll(
      typeof find === "string" ? find : new RegExp(find.source, "gm"),
      replacement,
    );
    if (changed === file.content) throw new Error(`the configuration has no ${String(find)} to break`);
    return changed;
  };
}

/** What differs from the answer that was due: a status, and the code of the error. */
export function differs(what: string, answer: Answer | string, status: number, code?: string): string | undefined {
  if (typeof answer === "string") return `${what}: connection failed (${answer}), wanted ${status}`;
  if (answer.status !== status) return `${what}: got ${answer.status} ${answer.text.slice(0, 200)}, wanted ${status}`;
  if (code !== undefined && answer.code !== code)
    return `${what}: got error code ${String(answer.code)}, wanted ${code}`;
  return undefined;
}

/** The first of several findings. */
export function first(...findings: (string | undefined)[]): string | undefined {
  return findings.find((finding) => finding !== undefined);
}

/** How to start a gateway for a probe: as compiled, or with its breakage in. */
export function options(probe: Probe, broken: boolean): BenchOptions {
  const adapt = probe.adapt ?? ((file: HostFile): string => file.content);
  return {
    gateways: probe.gateways ?? 1,
    breakage: (file) => (broken ? probe.breakage({ ...file, content: adapt(file) }) : adapt(file)),
    ...(broken ? { patience: 200 } : {}),
  };
}

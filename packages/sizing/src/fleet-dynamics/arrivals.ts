import type { RequestLengths } from "../closed-loop";
import { computedTokens, type Load } from "../load";

/** A request as it arrives. Seconds from the start; tokens. */
export interface Arrival {
  readonly at: number;
  readonly prompt: number;
  readonly output: number;
  /** Tokens of the prompt that no cache holds. @default all of them */
  readonly computed?: number;
  /** Waits behind every other request. @default false */
  readonly offline?: boolean;
}

/** Uniform numbers in [0, 1) from a seed: the same on every machine. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Poisson arrivals of requests of fixed lengths. */
export function poissonArrivals(
  requestsPerSecond: number,
  requests: number,
  lengths: RequestLengths,
  seed: number,
): Arrival[] {
  const gap = gaps(1, randomNumbers(seed));
  let at = 0;
  return Array.from({ length: requests }, () => {
    at += gap() / requestsPerSecond;
    return { at, ...lengths };
  });
}

/**
 * Times between arrivals, mean 1, with the variation asked for: 0 clockwork, 1 exponential; between them a constant and an exponential
 * part; beyond, bursts: a hyperexponential with balanced means.
 */
export function gaps(variation: number, random: () => number): () => number {
  const exponential = () => -Math.log(1 - random());
  if (variation <= 1) return () => 1 - variation + variation * exponential();
  const square = variation ** 2;
  const often = (1 + Math.sqrt((square - 1) / (square + 1))) / 2;
  return () => (random() < often ? exponential() / (2 * often) : exponential() / (2 * (1 - often)));
}

/** Arrivals of a load at a rate. Times and lengths come from separate streams, so that another rate only stretches the same requests. */
export function loadArrivals(load: Load, requestsPerSecond: number, requests: number, seed: number): Arrival[] {
  const gap = gaps(load.variation, randomNumbers(seed));
  const [prompts, outputs, hits] = [randomNumbers(seed + 1), randomNumbers(seed + 2), randomNumbers(seed + 3)];
  let at = 0;
  return Array.from({ length: requests }, () => {
    at += gap() / requestsPerSecond;
    const prompt = Math.round(load.prompt.at(prompts()));
    const output = load.output.mean === 0 ? 0 : Math.max(1, Math.round(load.output.at(outputs())));
    return { at, prompt, output, computed: computedTokens(load, prompt, hits() < load.hitShare) };
  });
}

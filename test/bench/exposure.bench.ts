import { proveExposure } from "@holdfast/policies";
import { largeGraph } from "../exposure/large-graph";

/** One line of the table: how long a proof takes at some size. */
export interface ExposureTiming {
  readonly resources: number;
  readonly endpoints: number;
  /** Milliseconds, the median of several proofs. */
  readonly milliseconds: number;
  readonly microsecondsPerResource: number;
}

/** Times the exposure proof on clean programs of several sizes, each proof from the bare graph. */
export function timeExposure(sizes: readonly number[] = [300, 3000, 10_000], rounds = 7): ExposureTiming[] {
  return sizes.map((size) => {
    const times: number[] = [];
    let endpoints = 0;
    let resources = 0;
    for (let round = 0; round < rounds; round++) {
      // A new graph each time: nothing that one proof looked up helps the next.
      const graph = largeGraph(size);
      resources = graph.resources.length;
      const start = performance.now();
      endpoints = proveExposure(graph).endpoints.length;
      times.push(performance.now() - start);
    }
    const milliseconds = times.sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0;
    return { resources, endpoints, milliseconds, microsecondsPerResource: (milliseconds * 1000) / resources };
  });
}

import type { StepProgress } from "./life-cycle";
import { duration } from "./time-line";

/** `up: 213 of 592 resources, 1 min 5 s, about 1 min 56 s to go`. */
export function progressText({ name, done, of, elapsedMs }: StepProgress): string {
  const parts = [
    ...(done === 0 ? [] : [of === 0 ? `${done} resources` : `${Math.min(done, of)} of ${of} resources`]),
    ...(elapsedMs < 1000 ? [] : [duration(elapsedMs, 0)]),
    // The first ones say nothing about the rest: the engine is starting, and what others need comes first.
    ...(of > 0 && done >= of / 4 && done < of ? [`about ${duration((elapsedMs * (of - done)) / done, 0)} to go`] : []),
  ];
  return parts.length === 0 ? `${name} ...` : `${name}: ${parts.join(", ")}`;
}

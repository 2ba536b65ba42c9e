import type { StepProgress } from "./life-cycle";

/** `up: 213 of 592 resources, 1 min 5 s, about 1 min 56 s to go`. */
export function progressText({ name, done, of, elapsedMs }: StepProgress): string {
  const parts = [
    ...(done === 0 ? [] : [of === 0 ? `${done} resources` : `${Math.min(done, of)} of ${of} resources`]),
    ...(elapsedMs < 1000 ? [] : [wholeSeconds(elapsedMs)]),
    // The first ones say nothing about the rest: the engine is starting, and what others need comes first.
    ...(of > 0 && done >= of / 4 && done < of ? [`about ${wholeSeconds((elapsedMs * (of - done)) / done)} to go`] : []),
  ];
  return parts.length === 0 ? `${name} ...` : `${name}: ${parts.join(", ")}`;
}

function wholeSeconds(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

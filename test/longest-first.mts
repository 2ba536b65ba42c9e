import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Where the files lie that take longest, the longest first: begun early they end with the rest, not after it. */
const longest = [
  "/test/rehearsal/moto.",
  "/test/rehearsal/life-cycle.",
  "/test/rehearsal/faults.",
  "/test/rehearsal/foreign-programs.",
  "/test/consumer/",
  "/test/gateway-behaviour/",
  "/test/rehearsal/",
  "/test/bad-input/",
  "/policies/src/pack/",
];

/** A new machine has no durations of earlier runs to sort by, and a file's size, which is what remains, says little. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const place = longest.findIndex((part) => moduleId.includes(part));
      return place === -1 ? longest.length : place;
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}

import { readFileSync } from "node:fs";

/** What the test reads of `rehearsal.json`. */
export interface RehearsalReport {
  readonly steps: readonly {
    readonly name: string;
    readonly checks: readonly { readonly what: string; readonly ok: boolean; readonly detail: string }[];
  }[];
}

/** A line of the engine's event log, as far as it is read here. */
interface EngineEvent {
  readonly resourcePreEvent?: {
    readonly metadata: {
      readonly op: string;
      readonly new?: {
        readonly type: string;
        readonly parent: string;
        readonly inputs: Readonly<Record<string, unknown>>;
      } | null;
    };
  };
}

export type CreatedResource = NonNullable<NonNullable<EngineEvent["resourcePreEvent"]>["metadata"]["new"]>;

/** The resources that an event log says were made, as the engine was told of them. */
export function createdResources(log: string): CreatedResource[] {
  return readFileSync(log, "utf8")
    .split("\n")
    .flatMap((line) => {
      const step = line === "" ? undefined : (JSON.parse(line) as EngineEvent).resourcePreEvent?.metadata;
      return step?.op === "create" && step.new !== undefined && step.new !== null ? [step.new] : [];
    });
}

/** What the engine did to one resource. */
export interface ResourceStep {
  readonly urn: string;
  readonly type: string;
  /** The engine's word: same, create, update, delete, replace, create-replacement, delete-replaced, refresh, discard, ... */
  readonly operation: string;
  /** Input properties that differ. */
  readonly changed: readonly string[];
  /** Properties that force a new resource. */
  readonly replacing: readonly string[];
}

export interface PolicyViolation {
  readonly policy: string;
  /** mandatory, advisory, ... */
  readonly level: string;
  readonly urn: string;
  readonly message: string;
}

/** The engine's own account of one command. */
export interface EngineEvents {
  /** Steps as they were begun. */
  readonly begun: readonly ResourceStep[];
  /** Steps as they ended well; a preview has none of its own. */
  readonly done: readonly ResourceStep[];
  readonly failed: readonly ResourceStep[];
  readonly violations: readonly PolicyViolation[];
  /** Policy packs that were run, with their versions. */
  readonly policyPacks: Readonly<Record<string, string>>;
  readonly diagnostics: readonly { readonly severity: string; readonly urn: string; readonly message: string }[];
  /** How many resources got each operation, as the engine counts at the end. */
  readonly counts: Readonly<Record<string, number>>;
}

interface Metadata {
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  readonly diffs?: readonly string[] | null;
  readonly keys?: readonly string[] | null;
}

interface RawEvent {
  readonly resourcePreEvent?: { readonly metadata: Metadata };
  readonly resOutputsEvent?: { readonly metadata: Metadata };
  readonly resOpFailedEvent?: { readonly metadata: Metadata };
  readonly policyEvent?: {
    readonly policyName: string;
    readonly enforcementLevel: string;
    readonly resourceUrn?: string;
    readonly message: string;
  };
  readonly diagnosticEvent?: { readonly severity: string; readonly urn?: string; readonly message: string };
  readonly summaryEvent?: {
    readonly resourceChanges: Readonly<Record<string, number>>;
    readonly PolicyPacks?: Readonly<Record<string, string>>;
    readonly policyPacks?: Readonly<Record<string, string>>;
  };
}

/** Reads the engine's event log: one JSON document per line. A last line that was cut off is left out. */
export function readEvents(text: string): EngineEvents {
  const events = text.split("\n").flatMap((line) => {
    try {
      return line === "" ? [] : [JSON.parse(line) as RawEvent];
    } catch {
      return [];
    }
  });
  const steps = (name: "resourcePreEvent" | "resOutputsEvent" | "resOpFailedEvent"): ResourceStep[] =>
    events.flatMap((event) => {
      const metadata = event[name]?.metadata;
      return metadata === undefined ? [] : [step(metadata)];
    });
  const summary = events.flatMap(({ summaryEvent }) => (summaryEvent === undefined ? [] : [summaryEvent])).at(-1);
  return {
    begun: steps("resourcePreEvent"),
    done: steps("resOutputsEvent"),
    failed: steps("resOpFailedEvent"),
    violations: events.flatMap(({ policyEvent }) =>
      policyEvent === undefined
        ? []
        : [
            {
              policy: policyEvent.policyName,
              level: policyEvent.enforcementLevel,
              urn: policyEvent.resourceUrn ?? "",
              message: policyEvent.message.trim(),
            },
          ],
    ),
    policyPacks: summary?.PolicyPacks ?? summary?.policyPacks ?? {},
    diagnostics: events.flatMap(({ diagnosticEvent }) =>
      diagnosticEvent === undefined
        ? []
        : [
            {
              severity: diagnosticEvent.severity,
              urn: diagnosticEvent.urn ?? "",
              message: diagnosticEvent.message.replace(/<\{%[^%]*%\}>/g, "").trim(),
            },
          ],
    ),
    counts: summary?.resourceChanges ?? {},
  };
}

function step({ urn, type, op, diffs, keys }: Metadata): ResourceStep {
  return { urn, type, operation: op, changed: diffs ?? [], replacing: keys ?? [] };
}

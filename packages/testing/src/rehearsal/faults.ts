import { existsSync, readFileSync } from "node:fs";

/** Something that goes wrong in a stand-in provider on purpose. */
export interface Fault {
  readonly operation: "create" | "update" | "delete";
  /** Only resources of this type count. @default all */
  readonly type?: string;
  /** Which one of them it hits, from 1; `every` for each. */
  readonly nth: number | "every";
  /**
   * `refuse`: the cloud says no. `die before`, `die after`: the provider's process is gone before or after the cloud has done it.
   * `stall before`, `stall after`: the call never comes back.
   */
  readonly effect: "refuse" | "die before" | "die after" | "stall before" | "stall after";
}

/** Counts operations and strikes where it was told to. */
export class Faults {
  readonly #faults: readonly Fault[];
  readonly #seen = new Map<Fault, number>();

  constructor(faults: readonly Fault[]) {
    this.#faults = faults;
  }

  static read(file: string | undefined): Faults {
    return new Faults(
      file !== undefined && existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Fault[]) : [],
    );
  }

  /** Runs one operation of the cloud, or the fault that is meant for it. */
  async run<Result>(
    operation: Fault["operation"],
    type: string,
    work: () => Result | Promise<Result>,
  ): Promise<Result> {
    const effect = this.#strike(operation, type);
    if (effect === "refuse") throw new Error(`injected fault: the cloud refused to ${operation} this ${type}`);
    if (effect === "die before") process.kill(process.pid, "SIGKILL");
    if (effect === "stall before") await never();
    const result = await work();
    if (effect === "die after") process.kill(process.pid, "SIGKILL");
    if (effect === "stall after") await never();
    return result;
  }

  #strike(operation: Fault["operation"], type: string): Fault["effect"] | undefined {
    for (const fault of this.#faults) {
      if (fault.operation !== operation || (fault.type !== undefined && fault.type !== type)) continue;
      const seen = (this.#seen.get(fault) ?? 0) + 1;
      this.#seen.set(fault, seen);
      if (fault.nth === "every" || seen === fault.nth) return fault.effect;
    }
    return undefined;
  }
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}

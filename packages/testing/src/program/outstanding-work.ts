import { createHook, type AsyncHook } from "node:async_hooks";

/** Requests to the operating system that finish by themselves and keep a process alive until then. */
const requests = new Set([
  "FSREQCALLBACK",
  "FSREQPROMISE",
  "FILEHANDLECLOSEREQ",
  "GETADDRINFOREQWRAP",
  "GETNAMEINFOREQWRAP",
  "QUERYWRAP",
  "TCPCONNECTWRAP",
  "PIPECONNECTWRAP",
  "WRITEWRAP",
  "SHUTDOWNWRAP",
]);

interface Holder {
  hasRef?: () => boolean;
  unref?: () => void;
}

/**
 * What a program has begun and not finished: timers, file and network operations, child processes. A program that runs in a
 * process of its own is done when its event loop is empty; in a process that it shares, this is how to know.
 */
export class OutstandingWork {
  readonly #begun = new Map<number, { readonly type: string; readonly holder: WeakRef<Holder> }>();
  readonly #hook: AsyncHook;

  /** `isProgram` tells whether the code that runs right now is the program's. */
  constructor(isProgram: () => boolean) {
    const end = (id: number): void => {
      this.#begun.delete(id);
    };
    this.#hook = createHook({
      init: (id, type, _trigger, resource) => {
        if (type === "PROMISE" || type === "TickObject" || type === "Microtask") return;
        if ((requests.has(type) || "hasRef" in resource) && isProgram())
          this.#begun.set(id, { type, holder: new WeakRef(resource) });
      },
      after: (id) => {
        if (requests.has(this.#begun.get(id)?.type ?? "")) end(id);
      },
      destroy: end,
      // Promises keep nothing alive, and following each of them would make a program twice as slow.
      trackPromises: false,
    });
    this.#hook.enable();
  }

  /** The kinds of work that keep the program from being done, each once. */
  outstanding(): string[] {
    const kinds = new Set<string>();
    for (const [id, { type, holder }] of this.#begun) {
      const target = holder.deref();
      if (target === undefined) this.#begun.delete(id);
      else if (typeof target.hasRef !== "function" || target.hasRef()) kinds.add(type);
    }
    return [...kinds];
  }

  /** Stops watching, and lets what is still there no longer keep the process alive. */
  close(): void {
    this.#hook.disable();
    for (const { holder } of this.#begun.values()) {
      const target = holder.deref();
      if (typeof target?.unref === "function") target.unref();
    }
    this.#begun.clear();
  }
}

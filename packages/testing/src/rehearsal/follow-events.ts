import { closeSync, openSync, readSync } from "node:fs";

/** How far a command is, by what the engine has written to its event log so far. */
export interface EngineProgress {
  /** Resources that it has begun with. */
  readonly begun: number;
  /** Resources that it is done with. */
  readonly done: number;
}

const everyMs = 500;
const chunk = Buffer.alloc(1 << 20);

/** Tells, twice a second, how far a command is. Ends when the function that it gives is called. */
export function followEvents(file: string, told: (progress: EngineProgress) => void): () => void {
  const count = new EventCount(file);
  const timer = setInterval(() => {
    told(count.read());
  }, everyMs);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}

/** Counts the events of a file that still grows; each byte is read once. */
export class EventCount {
  readonly #file: string;
  #offset = 0;
  /** The beginning of a line whose end is not written yet. */
  #rest = "";
  #begun = 0;
  #done = 0;

  constructor(file: string) {
    this.#file = file;
  }

  read(): EngineProgress {
    for (let bytes = this.#next(); bytes > 0; bytes = this.#next()) {
      // Only the names of the events are looked for, and these are ASCII: a letter that was cut in two does no harm.
      const lines = (this.#rest + chunk.toString("latin1", 0, bytes)).split("\n");
      this.#rest = lines.pop() ?? "";
      for (const line of lines) {
        // Names of properties come first in each line; the texts after them could hold anything.
        const start = line.slice(0, 120);
        if (start.includes('"resourcePreEvent":')) this.#begun += 1;
        else if (start.includes('"resOutputsEvent":')) this.#done += 1;
      }
    }
    return { begun: this.#begun, done: this.#done };
  }

  #next(): number {
    let file: number;
    try {
      file = openSync(this.#file, "r");
    } catch {
      // The engine has not begun to write.
      return 0;
    }
    try {
      const bytes = readSync(file, chunk, 0, chunk.length, this.#offset);
      this.#offset += bytes;
      return bytes;
    } finally {
      closeSync(file);
    }
  }
}

import type { Readable, Writable } from "node:stream";
import pico from "picocolors";

/** Where a command writes, and how. */
export interface Terminal {
  /** Results: what a pipe gets. */
  readonly out: (text: string) => void;
  /** Problems and progress. */
  readonly err: (text: string) => void;
  readonly colours: ReturnType<typeof pico.createColors>;
  /** Says what is going on while it takes time; only on a terminal, and gone when done. */
  readonly progress: (text: string) => void;
  /** Present when a person sits at both ends: a command may ask. */
  readonly dialogue?: { readonly input: Readable; readonly output: Writable };
}

interface Stream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Colour goes to a terminal only, unless FORCE_COLOR asks for it; NO_COLOR forbids it. */
export function makeTerminal(
  out: Stream,
  err: Stream,
  environment: Readonly<Record<string, string | undefined>>,
): Terminal {
  const allowed = environment.NO_COLOR === undefined || environment.NO_COLOR === "";
  const wanted = out.isTTY === true || (environment.FORCE_COLOR !== undefined && environment.FORCE_COLOR !== "0");
  let shown = false;
  return {
    out: (text) => {
      out.write(text);
    },
    err: (text) => {
      err.write(text);
    },
    colours: pico.createColors(allowed && wanted),
    progress: (text) => {
      if (err.isTTY !== true) return;
      if (shown || text !== "") err.write(`\r\u001b[K${text}`);
      shown = text !== "";
    },
  };
}

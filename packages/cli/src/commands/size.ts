import { BadInput, type ExitCode } from "../exit-code";
import { isoDate } from "../report/price-doubts";
import type { Terminal } from "../terminal";
import type { SizeOptions } from "./size-options";

/** Sizes one fleet from options or a dialogue, or predicts a file of configurations. Each way loads only what it needs. */
export async function size(options: SizeOptions, terminal: Terminal, today = isoDate(new Date())): Promise<ExitCode> {
  if (options.batch !== undefined) {
    const { sizeBatch } = await import("./size-batch.js");
    return await sizeBatch(options.batch, terminal);
  }
  if (options.use !== undefined && options.model === undefined) {
    const { modelFor } = await import("./size-model.js");
    const choice = modelFor(options.use, options);
    const format = options.format ?? choice.format;
    const { sizeOne } = await import("./size-one.js");
    const chosen = { ...options, model: choice.model, ...(format === undefined ? {} : { format }) };
    return await sizeOne(chosen, terminal, today, choice);
  }
  if (options.use !== undefined) throw new BadInput("state --model or --use, not both");
  const answers = options.model === undefined ? await ask(terminal) : { model: options.model };
  const { sizeOne } = await import("./size-one.js");
  return await sizeOne({ ...options, ...answers }, terminal, today);
}

async function ask({ dialogue }: Terminal) {
  if (dialogue === undefined)
    throw new BadInput(
      "state the model: holdfast size --model <id>; `holdfast catalog models` lists the known ones (on a terminal, `holdfast size` alone asks)",
    );
  const { sizeDialogue } = await import("./size-dialogue.js");
  const answers = await sizeDialogue(dialogue);
  if (answers === undefined) throw new BadInput("stopped before the last question; nothing was sized");
  return answers;
}

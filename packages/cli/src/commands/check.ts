import type { ExitCode } from "../exit-code";
import { exitCodes } from "../exit-code";
import type { Terminal } from "../terminal";

export interface CheckOptions {
  readonly out: string;
  readonly json?: boolean;
  readonly waivers?: string;
  readonly config?: string;
}

export function check(_file: string, _options: CheckOptions, _terminal: Terminal): Promise<ExitCode> {
  return Promise.resolve(exitCodes.fault);
}

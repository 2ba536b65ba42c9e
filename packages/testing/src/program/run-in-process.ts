export function runInProcess(_run: unknown): Promise<string[]> {
  throw new Error("not yet");
}

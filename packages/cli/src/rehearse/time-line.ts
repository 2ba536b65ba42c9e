import type { Terminal } from "../terminal";
import type { StepResult } from "./step-result";

const nameWidth = 15;

/** `9.4 s`, `2 min 5 s`; without digits `9 s`. */
export function duration(ms: number, digits: 0 | 1 = 1): string {
  const short = (ms / 1000).toFixed(digits);
  if (Number(short) < 60) return `${short} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** One finished step, as the terminal shows it; what was not as it had to be follows below it. */
export function stepLines({ name, durationMs, summary, checks, command }: StepResult, { colours }: Terminal): string {
  const bad = checks.filter(({ ok }) => !ok);
  const mark = command === "" ? colours.yellow("-") : bad.length === 0 ? colours.green("✓") : colours.red("✗");
  const lines = [`${mark} ${name.padEnd(nameWidth)} ${duration(durationMs).padStart(10)}  ${summary}`];
  for (const { what, detail } of bad) {
    lines.push(`    ${colours.red("not so:")} ${what}`);
    for (const line of detail.split("\n").slice(0, 12)) lines.push(`      ${line}`);
  }
  return `${lines.join("\n")}\n`;
}

/** When each step ran, to scale: `up  ····██████···`. */
export function timeLine(steps: readonly StepResult[], { colours }: Terminal): string {
  const shown = steps.filter(({ durationMs }) => durationMs > 0);
  const total = shown.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const width = 48;
  let at = 0;
  const lines = shown.map(({ name, durationMs }) => {
    const from = Math.min(width - 1, Math.floor((at / total) * width));
    at += durationMs;
    const to = Math.max(from + 1, Math.round((at / total) * width));
    const bar = `${colours.dim("·".repeat(from))}${"█".repeat(to - from)}${colours.dim("·".repeat(width - to))}`;
    return `  ${name.padEnd(nameWidth)} ${bar} ${duration(durationMs)}`;
  });
  return `${lines.join("\n")}\n`;
}

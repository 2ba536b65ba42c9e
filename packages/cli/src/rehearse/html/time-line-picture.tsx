import type { StepResult } from "../step-result";
import { duration } from "../time-line";

const width = 1000;
const rowHeight = 30;
const edge = { left: 130, right: 110, top: 26, bottom: 8 };

/** When each step ran, to scale: a bar in its own row, in the order in which they ran. */
export function TimeLinePicture({
  steps,
  durationMs,
}: {
  readonly steps: readonly StepResult[];
  readonly durationMs: number;
}) {
  const shown = steps.filter((step) => step.durationMs > 0);
  const last = shown.at(-1);
  const end = Math.max(durationMs, last === undefined ? 1 : last.startedMs + last.durationMs);
  const at = (ms: number): number => tenth(edge.left + (ms / end) * (width - edge.left - edge.right));
  const height = edge.top + shown.length * rowHeight + edge.bottom;
  return (
    <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label="when each step ran">
      {ticks(end).map((ms) => (
        <g>
          <line x1={at(ms)} x2={at(ms)} y1={edge.top - 4} y2={height - edge.bottom} stroke="var(--line)" />
          <text x={at(ms)} y={edge.top - 10} text-anchor="middle" font-size="12">
            {ms === 0 ? "0" : duration(ms).replace(/ 0 s$/, "").replace(".0 s", " s")}
          </text>
        </g>
      ))}
      {shown.map((step, row) => {
        const y = edge.top + row * rowHeight;
        const from = at(step.startedMs);
        const to = Math.max(from + 2, at(step.startedMs + step.durationMs));
        const good = step.checks.every(({ ok }) => ok);
        return (
          <g class="step">
            <title>{`${step.name}: ${duration(step.durationMs)}, ${step.summary}`}</title>
            <text x={edge.left - 12} y={y + 20} text-anchor="end" font-size="13">
              {step.name}
            </text>
            <rect
              x={from}
              y={y + 5}
              width={tenth(to - from)}
              height={rowHeight - 10}
              rx="3"
              fill={good ? "var(--good)" : "var(--bad)"}
            />
            <text x={to + 8} y={y + 20} font-size="12">
              {duration(step.durationMs)}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

/** At most eight marks at round times. */
function ticks(end: number): number[] {
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 3600].map((seconds) => seconds * 1000);
  const step = steps.find((ms) => end / ms <= 8) ?? 7_200_000;
  return Array.from({ length: Math.floor(end / step) + 1 }, (_, index) => index * step);
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}

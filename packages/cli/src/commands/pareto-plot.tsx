import type { FleetSizing, ParetoPoint } from "@holdfast/sizing";
import { dollars, milliseconds } from "../report/format";

const width = 900;
const height = 380;
const edge = { left: 70, right: 20, top: 16, bottom: 44 };

/** Cost (across) against the time of a request (up), both on logarithmic scales; the efficient points are joined. */
export function ParetoPlot({ points, chosen }: { points: readonly ParetoPoint[]; chosen: FleetSizing }) {
  if (points.length === 0) return <p>No configuration fits.</p>;
  const across = scale(
    points.map((point) => point.monthlyUsd),
    edge.left,
    width - edge.right,
  );
  const up = scale(
    points.map((point) => point.requestMs),
    height - edge.bottom,
    edge.top,
  );
  const front = points.filter((point) => point.efficient);
  const path = front.map((point) => `${across.at(point.monthlyUsd)},${up.at(point.requestMs)}`).join(" ");
  return (
    <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label="cost per month against time of a request">
      {across.ticks.map((usd) => (
        <g>
          <line x1={across.at(usd)} x2={across.at(usd)} y1={edge.top} y2={height - edge.bottom} stroke="var(--line)" />
          <text x={across.at(usd)} y={height - edge.bottom + 18} text-anchor="middle" font-size="12">
            {dollars(usd)}
          </text>
        </g>
      ))}
      {up.ticks.map((ms) => (
        <g>
          <line x1={edge.left} x2={width - edge.right} y1={up.at(ms)} y2={up.at(ms)} stroke="var(--line)" />
          <text x={edge.left - 8} y={up.at(ms) + 4} text-anchor="end" font-size="12">
            {milliseconds(ms)}
          </text>
        </g>
      ))}
      <text x={width / 2} y={height - 6} text-anchor="middle" font-size="12">
        per month
      </text>
      <polyline points={path} fill="none" stroke="var(--accent)" stroke-width="1.5" />
      {points.map((point) => (
        <circle
          cx={across.at(point.monthlyUsd)}
          cy={up.at(point.requestMs)}
          r={isChosen(point, chosen) ? 7 : point.efficient ? 4.5 : 3}
          fill={isChosen(point, chosen) ? "var(--good)" : point.efficient ? "var(--accent)" : "var(--dim)"}
          fill-opacity={point.efficient || isChosen(point, chosen) ? 1 : 0.45}
        >
          <title>{describe(point)}</title>
        </circle>
      ))}
    </svg>
  );
}

function isChosen(point: ParetoPoint, chosen: FleetSizing): boolean {
  return (
    point.instanceType === chosen.instanceType &&
    point.instances === chosen.instances &&
    point.tensorParallel === chosen.tensorParallel &&
    point.format === chosen.format
  );
}

function describe(point: ParetoPoint): string {
  const what = `${point.instances} x ${point.instanceType}, ${point.format}, tensor parallel ${point.tensorParallel}`;
  const times = `first token ${milliseconds(point.ttftMs)}, then ${milliseconds(point.tpotMs)}`;
  return `${what}: ${dollars(point.monthlyUsd)} a month, ${times}${point.lost === "" ? "" : `; ${point.lost}`}`;
}

/** A logarithmic axis with ticks at 1, 2 and 5 times the powers of ten. */
function scale(values: readonly number[], from: number, to: number) {
  const low = Math.log10(Math.min(...values) / 1.15);
  const high = Math.log10(Math.max(...values) * 1.15);
  const at = (value: number) => Math.round((from + ((Math.log10(value) - low) / (high - low)) * (to - from)) * 10) / 10;
  const ticks: number[] = [];
  for (let power = Math.floor(low); power <= high; power++) {
    for (const step of [1, 2, 5]) {
      const tick = step * 10 ** power;
      if (Math.log10(tick) >= low && Math.log10(tick) <= high) ticks.push(tick);
    }
  }
  return { at, ticks };
}

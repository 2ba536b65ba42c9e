import type { FleetSizing, ParetoPoint } from "@holdfast/sizing";
import { dollars, milliseconds } from "../report/format";

const width = 900;
const height = 400;
const edge = { left: 84, right: 24, top: 34, bottom: 44 };

/** What the dots mean, in the order of the legend. */
const kinds = [
  { name: "chosen", at: 0, radius: 7, fill: "var(--good)", opacity: 1 },
  { name: "nothing is both cheaper and faster", at: 82, radius: 4.5, fill: "var(--accent)", opacity: 1 },
  { name: "another is cheaper or faster at no loss", at: 322, radius: 3, fill: "var(--dim)", opacity: 0.45 },
] as const;
type Kind = (typeof kinds)[number];

function kindOf(point: ParetoPoint, chosen: FleetSizing): Kind {
  return isChosen(point, chosen) ? kinds[0] : point.efficient ? kinds[1] : kinds[2];
}

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
      <text x={(edge.left + width - edge.right) / 2} y={height - 6} text-anchor="middle" font-size="12">
        cost per month
      </text>
      <text
        x={16}
        y={(edge.top + height - edge.bottom) / 2}
        text-anchor="middle"
        font-size="12"
        transform={`rotate(-90 16 ${(edge.top + height - edge.bottom) / 2})`}
      >
        whole request
      </text>
      {kinds.map(({ name, at, radius, fill, opacity }) => (
        <g>
          <circle cx={edge.left + 8 + at} cy={14} r={radius} fill={fill} fill-opacity={opacity} />
          <text x={edge.left + 20 + at} y={18} font-size="12">
            {name}
          </text>
        </g>
      ))}
      <polyline points={path} fill="none" stroke="var(--accent)" stroke-width="1.5" />
      {/* The chosen one last, so that nothing lies over it. */}
      {[...points]
        .sort((a, b) => Number(isChosen(a, chosen)) - Number(isChosen(b, chosen)))
        .map((point) => {
          const { radius, fill, opacity } = kindOf(point, chosen);
          return (
            <circle
              cx={across.at(point.monthlyUsd)}
              cy={up.at(point.requestMs)}
              r={radius}
              fill={fill}
              fill-opacity={opacity}
            >
              <title>{describe(point)}</title>
            </circle>
          );
        })}
      {/* With a halo in the colour of the ground, so that dots do not eat the letters; the chosen one is named first. */}
      {labelled([...points.filter((point) => isChosen(point, chosen)).slice(0, 1), ...front], across, up).map(
        ({ point, x, y, anchor }) => (
          <text
            x={x}
            y={y}
            text-anchor={anchor}
            font-size="11"
            stroke="var(--card)"
            stroke-width="4"
            stroke-linejoin="round"
            paint-order="stroke"
          >
            {point.instances} x {point.instanceType} {point.format}
          </text>
        ),
      )}
    </svg>
  );
}

/** Names of points, the first ones before the others, as many as do not run into each other; on the right half they stand to the left of their point. */
function labelled(wanted: readonly ParetoPoint[], across: Scale, up: Scale) {
  const placed: { left: number; right: number; y: number }[] = [];
  return wanted.flatMap((point) => {
    const text = `${point.instances} x ${point.instanceType} ${point.format}`;
    const at = across.at(point.monthlyUsd);
    const y = up.at(point.requestMs) - 11;
    const onRight = at > (edge.left + width - edge.right) * 0.6;
    const length = text.length * 6;
    const box = { left: onRight ? at - length : at, right: onRight ? at : at + length, y };
    if (placed.some((one) => Math.abs(one.y - y) < 14 && one.left < box.right && box.left < one.right)) return [];
    placed.push(box);
    return [{ point, x: at, y, anchor: onRight ? ("end" as const) : ("start" as const) }];
  });
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
type Scale = ReturnType<typeof scale>;

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

import type { ComponentChildren } from "preact";

/** One of the answers a reader wants first: what is asked, the answer, and what stands behind it. */
export function Tile(props: { label: string; value: string; tone?: "good" | "bad"; children?: ComponentChildren }) {
  return (
    <div class="tile">
      <div class="label">{props.label}</div>
      <div class={`value ${props.tone ?? ""}`}>{props.value}</div>
      <div class="label">{props.children}</div>
    </div>
  );
}

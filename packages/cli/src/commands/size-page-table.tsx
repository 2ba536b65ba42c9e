import type { ComponentChildren } from "preact";

/** Columns that hold numbers are aligned to the right. */
export function Table({
  head,
  numbers,
  children,
}: {
  head: readonly string[];
  numbers: readonly number[];
  children: ComponentChildren;
}) {
  return (
    <div class="scroll">
      {/* On a telephone a wide table scrolls instead of growing tall. */}
      <table style={head.length > 3 ? "min-width: 60rem" : ""}>
        <thead>
          <tr>
            {head.map((name, index) => (
              <th class={numbers.includes(index) ? "number" : ""}>{name}</th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

/** What a price older than its expiry carries. */
export function Stale({ stale }: { stale: boolean }) {
  return stale ? <span class="warn"> STALE</span> : null;
}

import type { ComponentChildren } from "preact";

interface Column {
  readonly head: string;
  /** How its cells are set. @default as text that wraps */
  readonly kind?: "number" | "mono" | "dim";
}

/** Columns of numbers, aligned to the right. */
export function numbers(...heads: readonly string[]): Column[] {
  return heads.map((head) => ({ head, kind: "number" }));
}

/** A table whose rows are cells in the order of its columns; a column that needs no more than its name is that name. */
export function Table(props: {
  readonly columns: readonly (string | Column)[];
  readonly rows: readonly (readonly ComponentChildren[])[];
}) {
  const columns = props.columns.map((column) => (typeof column === "string" ? { head: column } : column));
  const kind = (index: number): string => columns[index]?.kind ?? "";
  return (
    <div class="scroll">
      {/* On a telephone a wide table scrolls instead of growing tall. */}
      <table style={columns.length > 3 ? "min-width: 60rem" : ""}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th class={column.kind === "number" ? "number" : ""}>{column.head}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.rows.map((row) => (
            <tr>
              {row.map((cell, index) => (
                <td class={kind(index)}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

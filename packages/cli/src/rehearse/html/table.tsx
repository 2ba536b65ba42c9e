import type { ComponentChildren } from "preact";

interface Column {
  readonly head: string;
  readonly number?: boolean;
}

/** A table whose rows are cells in the order of its columns; on a telephone it scrolls by itself. */
export function Table(props: {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly ComponentChildren[])[];
}) {
  const kind = (index: number): string => (props.columns[index]?.number === true ? "number" : "");
  return (
    <div class="scroll">
      <table>
        <thead>
          <tr>
            {props.columns.map(({ head }, index) => (
              <th class={kind(index)}>{head}</th>
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

import Table from "cli-table3";

const frame = ["top", "top-mid", "top-left", "top-right", "bottom", "bottom-mid", "bottom-left", "bottom-right"];
const lines = ["left", "left-mid", "mid", "mid-mid", "right", "right-mid", "middle"];

/** A table without frames: what people read and what `grep` and `awk` take. `left` are the columns that hold words. */
export function plainTable(head: string[], left: readonly number[]): Table.Table {
  return new Table({
    head,
    colAligns: head.map((_, index) => (left.includes(index) ? "left" : "right")),
    style: { head: [], border: [], "padding-left": 0, "padding-right": 2 },
    chars: Object.fromEntries([...frame, ...lines].map((key) => [key, ""])),
  });
}

/** The table without the blanks that its last column is filled up with: they would wrap on a narrow terminal. */
export function tableText(table: Table.Table): string {
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

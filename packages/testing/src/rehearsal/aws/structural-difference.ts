import { isDeepStrictEqual } from "node:util";
import type { Difference, Properties } from "../provider";
import { replacingProperties } from "./replacing-properties";

/** What differs between two sets of inputs, by their form and by the table of what only a new resource can have. */
export function structuralDifference(
  type: string,
  oldInputs: Properties,
  newInputs: Properties,
): Pick<Difference, "changed" | "replacing"> {
  const names = new Set([...Object.keys(oldInputs), ...Object.keys(newInputs)].filter((key) => !key.startsWith("__")));
  const changed = [...names]
    .filter((property) => !isDeepStrictEqual(oldInputs[property], newInputs[property]))
    .map((property) => ({
      property,
      kind:
        oldInputs[property] === undefined
          ? ("add" as const)
          : newInputs[property] === undefined
            ? ("delete" as const)
            : ("update" as const),
    }));
  const forces = (replacingProperties[type] ?? []).filter(
    (way) => !isDeepStrictEqual(partOf(oldInputs, way), partOf(newInputs, way)),
  );
  const forcing = new Set(forces.map((way) => way.split(".")[0]));
  return { changed, replacing: changed.map(({ property }) => property).filter((property) => forcing.has(property)) };
}

/** A property, or the same part of each of its blocks. */
function partOf(inputs: Properties, way: string): unknown {
  const [property = "", part] = way.split(".");
  const value = inputs[property];
  if (part === undefined) return value;
  const blocks: readonly unknown[] = Array.isArray(value) ? value : [value];
  return blocks.map((block) => (typeof block === "object" && block !== null ? (block as Properties)[part] : undefined));
}

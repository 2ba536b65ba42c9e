import { gpusOfClass, instancePrice, type InstanceRecord } from "@holdfast/catalog";

/** GPU classes whose cards can be cut into slices (NVIDIA Multi-Instance GPU user guide, supported GPUs, 2026). */
const sliced = new Set(["a100", "h100", "h200", "b200", "b300", "rtx-pro-6000"]);

/**
 * In what numbers a class is sold, where the number that was asked for is not among them: `A100 is sold by 8 only: p4d.24xlarge at
 * $2.745 a GPU and hour, ...`. `types` are those that the region and the zones offer.
 */
export function soldAs(types: readonly InstanceRecord[], gpuClass: string | undefined, region: string): string {
  const counts = [...new Set(types.map((type) => type.gpus))].sort((a, b) => a - b);
  const listed = types
    .map((type) => ({ type, usd: instancePrice(type.type, region)?.usd }))
    .flatMap(({ type, usd }) => (usd === undefined ? [] : [{ type, each: usd / type.gpus }]))
    .sort((a, b) => a.each - b.each)
    .slice(0, 3)
    .map(({ type, each }) => `${type.type} with ${type.gpus} at $${each.toFixed(3)} a GPU and hour`);
  const known = gpuClass === undefined ? undefined : (gpusOfClass(gpuClass)[0]?.gpuClass ?? gpuClass);
  const name = known?.toUpperCase() ?? "a host";
  const slices =
    known !== undefined && sliced.has(known)
      ? "; one card can be divided by MIG between small models, but not bought alone"
      : "";
  return `${name} comes in ${region} by ${counts.join(" or ")} only: ${listed.join(", ")}${slices}`;
}

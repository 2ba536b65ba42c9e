/** GiB of memory per vCPU of the general families of EC2: compute, general and memory optimised (EC2 instance types, AWS documentation). */
const gibPerVcpu: Readonly<Record<string, number>> = { c: 2, m: 4, r: 8 };

/**
 * Memory of an instance type of the c, m and r families, MiB, by the rule their sizes follow: `large` has 2 vCPU, `xlarge` 4, `Nxlarge`
 * 4 N. Nothing for other names.
 */
export function hostMemoryMiB(instanceType: string): number | undefined {
  const match = /^([cmr])\d+[a-z]*\.(medium|large|(\d*)xlarge)$/.exec(instanceType);
  const gib = gibPerVcpu[match?.[1] ?? ""];
  if (!match || gib === undefined) return undefined;
  const vcpus = match[2] === "medium" ? 1 : match[2] === "large" ? 2 : 4 * Number(match[3] === "" ? 1 : match[3]);
  return gib * vcpus * 1024;
}

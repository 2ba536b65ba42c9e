import type { ProviderBinary, PulumiCli } from "@holdfast/testing";

/** What a rehearsal had at hand. */
export interface AtHand {
  readonly cli: PulumiCli;
  /** The real provider's code. */
  readonly judge: ProviderBinary | undefined;
  /** Whether an emulator of AWS runs. */
  readonly moto: boolean;
}

/** What was not the real thing, of what the program uses, and what that means. */
export function standInTexts({ cli, judge, moto }: AtHand, packages: readonly string[]): string[] {
  const texts: Readonly<Record<string, string>> = { aws: aws(judge, moto), docker, kubernetes };
  return [
    ...packages.flatMap((name) => texts[name] ?? []),
    ...(cli.hasLanguageHost
      ? []
      : ["language host: ours, because the official one is not installed; it starts the SDK's own runner."]),
  ];
}

function aws(judge: ProviderBinary | undefined, moto: boolean): string {
  if (judge === undefined)
    return "aws: structural. Property names, required properties, ids, names, replacements and the order of deletion are judged; whether AWS takes the values is not: no terraform-provider-aws was found (HOLDFAST_TERRAFORM_AWS_PROVIDER may name one).";
  const judged = `aws: every resource is validated and planned by the code of the real provider (terraform-provider-aws ${judge.version})`;
  return moto
    ? `${judged}, and made, read, changed and deleted by it in moto, an emulator of AWS; what moto does not have is made up and listed at the end.`
    : `${judged}; what is created, read and deleted is made up (no moto_server on the PATH or in HOLDFAST_MOTO_SERVER, or --cloud structural).`;
}

const docker =
  "docker: properties are held against what @pulumi/docker declares, and names, ports and restart policies against what a Docker engine takes; containers and images are made up, no engine was asked.";

const kubernetes =
  "kubernetes: objects are held against what @pulumi/kubernetes declares, and names, selectors, ports, probes and quantities against what the API server takes; they are made up, no cluster was asked.";

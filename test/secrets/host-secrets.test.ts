import { Environment } from "@holdfast/environment";
import type { PlannedResource, ResourceGraph } from "@holdfast/policies";
import { planProgram, readStackConfig } from "@holdfast/testing";
import { describe, expect, it } from "vitest";
import { environments } from "../planned-environments";
import { root } from "../project-copy";

type Document = Record<string, unknown> & {
  fleets: Record<string, unknown>;
  gateway: { clients: Record<string, { models: string[] }> };
};

async function plan(environment: string, change = (document: Document) => document): Promise<ResourceGraph> {
  const { config } = readStackConfig(root, environment);
  const document = change(JSON.parse(config["holdfast:environment"] ?? "{}") as Document);
  const { graph } = await planProgram({
    project: "secrets",
    stack: environment,
    program: () => {
      new Environment(environment, { document });
    },
  });
  return graph;
}

/** Secrets that a host's role may read, whose key it may not use: such a host starts, waits, and never serves. */
function unreadable(graph: ResourceGraph): string[] {
  return graph.ofType("aws:iam/rolePolicy:RolePolicy").flatMap((policy) => {
    const named = new Set(policy.propertyDependencies.policy);
    return graph
      .ofType("aws:secretsmanager/secret:Secret")
      .filter(({ urn }) => named.has(urn))
      .filter(({ propertyDependencies }) => !propertyDependencies.kmsKeyId?.every((key) => named.has(key)))
      .map(({ name }) => `${policy.name} reads ${name} and may not decrypt it`);
  });
}

const text = (resource: PlannedResource | undefined, property: string): string => {
  const value = resource?.inputs[property];
  if (typeof value !== "string") throw new Error(`${property} is no text in the plan`);
  return value;
};

describe.each(environments)("the hosts of %s", (environment) => {
  it("may decrypt every secret that they may read", async () => {
    const graph = await plan(environment);
    const readers = graph
      .ofType("aws:iam/rolePolicy:RolePolicy")
      .filter(({ propertyDependencies }) =>
        propertyDependencies.policy?.some((urn) => urn.includes("/secret:Secret::")),
      );
    expect(readers.length).toBeGreaterThan(2);
    expect(unreadable(graph)).toEqual([]);
  });

  it("fetch the CA of all engines once", async () => {
    const graph = await plan(environment);
    const listed = (host: string) =>
      text(
        graph.resources.find(({ name }) => name === `${host}-file-etc/holdfast/secrets`),
        "content",
      );
    expect(listed(`${environment}-gateway-hosts`).match(/^gateway-(shared|engine)-ca.*$/gm)).toEqual([
      "gateway-shared-ca-engines holdfast-gateway:holdfast-gateway",
    ]);
    expect(listed(`${environment}-observability-hosts`).match(/^(shared|engine)-ca.*$/gm)).toEqual([
      "shared-ca-engines root:root",
    ]);
  });
});

describe("an environment of many fleets", () => {
  it("has one gateway for 48 of them, with no more instance tags than for one", async () => {
    const times = (count: number) => (document: Document) => {
      const names = Array.from({ length: count }, (_, index) => (index === 0 ? "chat" : `chat-${index}`));
      for (const client of Object.values(document.gateway.clients)) client.models = names.slice(0, 1);
      return { ...document, fleets: Object.fromEntries(names.map((name) => [name, document.fleets.chat])) };
    };
    const tags = (graph: ResourceGraph) => {
      const template = graph.resources.find(({ name }) => name === "prod-gateway-hosts-template");
      const [specification] = (template?.inputs.tagSpecifications ?? []) as { readonly tags: object }[];
      return Object.keys(specification?.tags ?? {});
    };
    const [one, many] = [await plan("prod", times(1)), await plan("prod", times(48))];
    expect(tags(many)).toEqual(tags(one));
    // IAM takes 10,240 characters for a role: what all fleets share is named once.
    const permissions = (graph: ResourceGraph) => {
      const policy = graph.resources.find(({ name }) => name === "prod-gateway-hosts-permissions");
      return JSON.stringify(policy?.inputs.policy);
    };
    expect(permissions(one)).toContain("OwnSecrets");
    expect(permissions(many)).toBe(permissions(one));
    expect(tags(one)).toContain("holdfast:secret-references");
    expect(many.ofType("serving:index:ModelFleet")).toHaveLength(48);
    expect(unreadable(many)).toEqual([]);
  });
});

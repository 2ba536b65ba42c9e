import { quantisationJob, quantisationKubernetes, type KubernetesObject } from "@holdfast/storage";
import { afterAll, beforeAll, describe, expect, it, type TestContext } from "vitest";
import { source } from "../../packages/storage/src/quantisation/quantisation.fixture";
import { KubernetesApi } from "./api-server";

// The objects of a quantisation before a real API server, in a namespace that admits restricted pods only.

const missing = KubernetesApi.missing();
let api: KubernetesApi | undefined;
beforeAll(async () => {
  if (missing !== undefined) return;
  api = await KubernetesApi.start();
  const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
  await api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: "models", labels } }, false);
});
afterAll(async () => {
  await api?.stop();
});
const server = (context: TestContext): KubernetesApi => api ?? context.skip(missing);

function objects(): readonly KubernetesObject[] {
  const outcome = quantisationJob({ source: source(), createdBy: "ml-team" });
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
  return quantisationKubernetes(outcome.job, { modelClaim: "model-store", workClaim: "quantised" });
}

describe("a quantisation in a cluster", () => {
  it.for(objects().map((object) => [object.kind, object] as const))(
    "%s: every field is known",
    async ([, object], context) => {
      const { status, body } = await server(context).create(object, true);
      expect(status, body.message).toBe(201);
    },
  );

  it("makes a pod that the restricted standard admits, as it would not with one thing less", async (context) => {
    const judge = server(context);
    const job = objects().find(({ kind }) => kind === "Job");
    const { template } = job?.spec as { readonly template: { readonly spec: Record<string, unknown> } };
    const pod = (spec: object) =>
      judge.create({ apiVersion: "v1", kind: "Pod", metadata: { name: "p", namespace: "models" }, spec }, true);
    const { status, body } = await pod(template.spec);
    expect(status, body.message).toBe(201);
    expect(await pod({ ...template.spec, securityContext: {} })).toMatchObject({ status: 403 });
  });
});

import { Value } from "../rule/value";
import { families } from "../rule/families";
import type { PlannedResource } from "../graph/planned-resource";

/** The pod specifications that a Kubernetes resource makes pods from. */
export function podTemplates(resource: PlannedResource): readonly Value[] {
  if (!families.podBearing.has(resource.type)) return [];
  const inputs = Value.inputsOf(resource);
  const spec = inputs.at("spec");
  const candidates = [
    resource.type.endsWith(":Pod") || resource.type.endsWith(":PodPatch") ? spec : undefined,
    spec.in("template", "spec"),
    inputs.in("template", "spec"),
    spec.in("jobTemplate", "spec", "template", "spec"),
    // LeaderWorkerSet.
    spec.in("leaderWorkerTemplate", "leaderTemplate", "spec"),
    spec.in("leaderWorkerTemplate", "workerTemplate", "spec"),
    // InferenceService: the predictor is a pod specification with a model beside its containers.
    spec.at("predictor"),
    // RayCluster, and RayService around one.
    ...[spec, spec.at("rayClusterConfig")].flatMap((cluster) => [
      cluster.in("headGroupSpec", "template", "spec"),
      ...cluster
        .at("workerGroupSpecs")
        .items()
        .map((group) => group.in("template", "spec")),
    ]),
  ];
  return candidates.filter(
    (candidate): candidate is Value => candidate !== undefined && (candidate.map !== undefined || candidate.unknown),
  );
}

/** Every container of a pod, whatever list it stands in. */
export function containersOf(pod: Value): readonly Value[] {
  return ["initContainers", "containers", "ephemeralContainers"]
    .flatMap((list) => pod.at(list).items())
    .filter((container) => container.map !== undefined);
}

/** The labels of the pods that a resource makes. */
export function podLabels(resource: PlannedResource): Value {
  const inputs = Value.inputsOf(resource);
  const own = /:Pod(Patch)?$/.test(resource.type) ? inputs : inputs.in("spec", "template");
  return own.in("metadata", "labels");
}

/** The namespace of a Kubernetes resource; `default` when it names none. */
export function namespaceOf(resource: PlannedResource): Value {
  return Value.inputsOf(resource).in("metadata", "namespace");
}

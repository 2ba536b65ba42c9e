import type * as resourceProto from "@pulumi/pulumi/proto/resource_pb";

/**
 * What the offline engine says it can do. Without the first, secrets would arrive in clear. State migrations are accepted and
 * never run, as there is no state.
 */
export function supportedFeatures({
  ResourceMonitorFeature: feature,
}: typeof resourceProto): resourceProto.ResourceMonitorFeature[] {
  return [
    feature.RESOURCE_MONITOR_FEATURE_SECRETS,
    feature.RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES,
    feature.RESOURCE_MONITOR_FEATURE_OUTPUT_VALUES,
    feature.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
    feature.RESOURCE_MONITOR_FEATURE_REPLACEMENT_TRIGGER,
    feature.RESOURCE_MONITOR_FEATURE_DELETED_WITH,
    feature.RESOURCE_MONITOR_FEATURE_REPLACE_WITH,
    feature.RESOURCE_MONITOR_FEATURE_TRANSFORMS,
    feature.RESOURCE_MONITOR_FEATURE_INVOKE_TRANSFORMS,
    feature.RESOURCE_MONITOR_FEATURE_PARAMETERIZATION,
    feature.RESOURCE_MONITOR_FEATURE_RESOURCE_HOOKS,
    feature.RESOURCE_MONITOR_FEATURE_ERROR_HOOKS,
    feature.RESOURCE_MONITOR_FEATURE_SENDS_OPTIONS_TO_HOOKS,
    feature.RESOURCE_MONITOR_FEATURE_INVOKE_DEPENDS_ON,
    feature.RESOURCE_MONITOR_FEATURE_STATE_MIGRATIONS,
  ];
}

/** The same for SDKs that ask for one feature at a time, by name. */
export const namedFeatures: ReadonlySet<string> = new Set([
  "secrets",
  "resourceReferences",
  "outputValues",
  "aliasSpecs",
  "deletedWith",
  "transforms",
  "invokeTransforms",
  "parameterization",
  "resourceHooks",
  "errorHooks",
]);

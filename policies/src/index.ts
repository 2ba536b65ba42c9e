export {
  proveExposure,
  type ApprovedEdge,
  type ClientFlow,
  type ExposedEndpoint,
  type ExposureAssumptions,
  type ExposureOptions,
  type ExposureReport,
  type ExposureVerdict,
} from "./exposure";
export type { PlannedResource } from "./graph/planned-resource";
export {
  hasUnknown,
  isPropertyList,
  isPropertyMap,
  isSecret,
  isUnknown,
  parsePropertyPath,
  read,
  secretValue,
  unknownValue,
  type PropertyMap,
  type PropertyPath,
  type PropertyValue,
  type Reading,
} from "./graph/property-value";
export {
  readPlan,
  readPreviewJson,
  readResourceDocument,
  readStackExport,
  type ResourceDocument,
  type ResourceDocumentKind,
} from "./graph/read-resource-graph";
export { ResourceDocumentError } from "./graph/resource-document";
export { ResourceGraph, type References, type TypeSelection } from "./graph/resource-graph";
export { makeUrn, parseUrn, stackType, type UrnParts } from "./graph/urn";
export { assetText, fromWire, propertiesFromWire, referencedUrn, signatureKey, signatures } from "./graph/wire-value";
export { controlGroups, controlsOf, type ControlGroup } from "./rule/controls";
export { evaluatePolicies, type PolicyOptions, type PolicyReport, type RuleSummary } from "./rule/evaluate-policies";
export { blocks, compareFindings, fingerprint, type Finding, type WaiverNote } from "./rule/finding";
export type { Verdict } from "./rule/outcome";
export { PolicyConfigError, type PolicyConfig } from "./rule/policy-config";
export type { Area, Level, Rule, RuleId } from "./rule/rule";
export { readRunSettings, type RunSettings } from "./rule/run-settings";
export { allRules } from "./rules/all-rules";
export type { WaiverUse } from "./waivers/apply-waivers";
export { parseWaivers, WaiverFileError, waiverSchema, type Waiver } from "./waivers/waiver";
export { exposureLine, headline, isBlocked, plainText, sortFindings, type CheckResult } from "./report/check-result";
export { commentMarker, commentReport, markdownText } from "./report/comment-report";
export { evidenceByControl, type ControlEvidence } from "./report/evidence-table";
export { findingsTable, type TableSize } from "./report/findings-table";
export { junitReport } from "./report/junit-report";
export { sarifReport, type SarifLog } from "./report/sarif-report";

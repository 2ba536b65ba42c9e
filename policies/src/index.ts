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

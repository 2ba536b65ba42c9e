export type {
  ApprovedEdge,
  ClientFlow,
  ClientNetwork,
  ExposedEndpoint,
  ExposureAssumptions,
  ExposureOptions,
  ExposureReport,
  ExposureVerdict,
} from "./exposure-report";
export { proveExposure } from "./prove-exposure";

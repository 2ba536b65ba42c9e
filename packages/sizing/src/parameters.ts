export { countParameters, type ParameterCount } from "@holdfast/catalog";

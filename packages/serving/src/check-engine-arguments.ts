export { checkEngineArguments } from "@holdfast/catalog";

/**
 * Metrics that Holdfast's own hosts write into the node exporter's textfile directory: a contract between the model sync, which
 * verifies a model's files (`@holdfast/storage`) or refuses them, and the rules that read the outcome.
 */
export const hostContractMetrics = `
gauge holdfast_model_verified model,version
gauge llm_model_manifest_info sha256
`;

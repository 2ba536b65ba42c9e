export { Environment, type EnvironmentArgs } from "./environment";
export { environmentSchema, type EnvironmentDocument, type EnvironmentInput } from "./environment-schema";
export { EnvironmentSecrets, type EnvironmentSecretsArgs, type SecretReference } from "./environment-secrets";
export { parseEnvironment } from "./parse-environment";
export { environmentJsonSchema, stackJsonSchema } from "./json-schema";

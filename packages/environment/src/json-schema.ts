import { z } from "zod";
import { environmentSchema } from "./environment-schema";

/** JSON Schema of the environment document, for editors: what a person may write, defaults left out. */
export function environmentJsonSchema(): Record<string, unknown> {
  return { title: "Holdfast environment", ...jsonSchema() };
}

/** JSON Schema of a stack's configuration file (`Pulumi.<environment>.yaml`) that holds an environment document. */
export function stackJsonSchema(): Record<string, unknown> {
  const { $schema, ...environment } = jsonSchema();
  return {
    $schema,
    title: "Pulumi stack configuration with a Holdfast environment",
    type: "object",
    properties: {
      config: { type: "object", properties: { "holdfast:environment": environment }, additionalProperties: true },
    },
    additionalProperties: true,
  };
}

function jsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(environmentSchema, { io: "input", unrepresentable: "any" });
}

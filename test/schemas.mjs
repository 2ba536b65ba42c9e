// Writes the JSON Schemas that editors and programs read, from the schemas the code validates with.
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { environmentJsonSchema, stackJsonSchema } = require("@holdfast/environment");
const { planJsonSchema } = require("@holdfast/cli");

for (const [file, schema] of [
  ["../packages/environment/environment.schema.json", environmentJsonSchema()],
  ["../packages/environment/stack.schema.json", stackJsonSchema()],
  ["../packages/cli/plan.schema.json", planJsonSchema()],
]) {
  writeFileSync(new URL(file, import.meta.url), `${JSON.stringify(schema, null, 2)}\n`);
}

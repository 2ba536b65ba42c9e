import type * as grpcLibrary from "@grpc/grpc-js";
import type { AnyDefinition, ServiceDefinition } from "@grpc/proto-loader";

/** One field: its number, type and whether there may be several. */
type Field = readonly [number: number, type: string, repeated?: "repeated"];

/** The part of Terraform's plugin protocol 5 that is spoken here. Numbers and names are the protocol's. */
const messages: Readonly<Record<string, Readonly<Record<string, Field>>>> = {
  Empty: {},
  DynamicValue: { msgpack: [1, "bytes"], json: [2, "bytes"] },
  Step: { attribute_name: [1, "string"], element_key_string: [2, "string"], element_key_int: [3, "int64"] },
  AttributePath: { steps: [1, "Step", "repeated"] },
  Diagnostic: {
    severity: [1, "int32"],
    summary: [2, "string"],
    detail: [3, "string"],
    attribute: [4, "AttributePath"],
  },
  Attribute: {
    name: [1, "string"],
    type: [2, "bytes"],
    required: [4, "bool"],
    optional: [5, "bool"],
    computed: [6, "bool"],
  },
  NestedBlock: {
    type_name: [1, "string"],
    block: [2, "Block"],
    nesting: [3, "int32"],
  },
  Block: { attributes: [2, "Attribute", "repeated"], block_types: [3, "NestedBlock", "repeated"] },
  Schema: { block: [2, "Block"] },
  NamedSchema: { key: [1, "string"], value: [2, "Schema"] },
  SchemaResponse: {
    provider: [1, "Schema"],
    // A map travels as a list of pairs.
    resource_schemas: [2, "NamedSchema", "repeated"],
    diagnostics: [4, "Diagnostic", "repeated"],
  },
  ValidateRequest: { type_name: [1, "string"], config: [2, "DynamicValue"] },
  ValidateResponse: { diagnostics: [1, "Diagnostic", "repeated"] },
  ConfigureRequest: { terraform_version: [1, "string"], config: [2, "DynamicValue"] },
  ReadRequest: { type_name: [1, "string"], current_state: [2, "DynamicValue"], private: [3, "bytes"] },
  ReadResponse: { new_state: [1, "DynamicValue"], diagnostics: [2, "Diagnostic", "repeated"], private: [3, "bytes"] },
  PlanRequest: {
    type_name: [1, "string"],
    prior_state: [2, "DynamicValue"],
    proposed_new_state: [3, "DynamicValue"],
    config: [4, "DynamicValue"],
    prior_private: [5, "bytes"],
  },
  PlanResponse: {
    planned_state: [1, "DynamicValue"],
    requires_replace: [2, "AttributePath", "repeated"],
    planned_private: [3, "bytes"],
    diagnostics: [4, "Diagnostic", "repeated"],
  },
  ApplyRequest: {
    type_name: [1, "string"],
    prior_state: [2, "DynamicValue"],
    planned_state: [3, "DynamicValue"],
    config: [4, "DynamicValue"],
    planned_private: [5, "bytes"],
  },
  ApplyResponse: {
    new_state: [1, "DynamicValue"],
    private: [2, "bytes"],
    diagnostics: [3, "Diagnostic", "repeated"],
  },
};

const methods: Readonly<Record<string, readonly [request: string, response: string]>> = {
  GetSchema: ["Empty", "SchemaResponse"],
  ValidateResourceTypeConfig: ["ValidateRequest", "ValidateResponse"],
  Configure: ["ConfigureRequest", "ValidateResponse"],
  ReadResource: ["ReadRequest", "ReadResponse"],
  PlanResourceChange: ["PlanRequest", "PlanResponse"],
  ApplyResourceChange: ["ApplyRequest", "ApplyResponse"],
};

/** The protocol's service, ready for a gRPC client. */
export function providerService(loader: {
  fromJSON(json: object, options: object): Record<string, AnyDefinition>;
}): grpcLibrary.ServiceDefinition {
  const types = Object.entries(messages).map(([name, fields]): [string, object] => [
    name,
    {
      fields: Object.fromEntries(
        Object.entries(fields).map(([field, [id, type, rule]]) => [field, { id, type, ...(rule && { rule }) }]),
      ),
    },
  ]);
  const service = {
    methods: Object.fromEntries(
      Object.entries(methods).map(([name, [requestType, responseType]]) => [name, { requestType, responseType }]),
    ),
  };
  const json = { nested: { tfplugin5: { nested: { ...Object.fromEntries(types), Provider: service } } } };
  const loaded = loader.fromJSON(json, { keepCase: true, longs: Number, defaults: true });
  return loaded["tfplugin5.Provider"] as ServiceDefinition;
}

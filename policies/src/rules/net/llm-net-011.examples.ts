import { unknownValue } from "../../graph/property-value";
import type { RuleExamples } from "../../rule/rule-example";

const url = { type: "aws:lambda/functionUrl:FunctionUrl", name: "url" };
const service = { type: "aws:ec2/vpcEndpointService:VpcEndpointService", name: "service" };
const database = { type: "aws:rds/instance:Instance", name: "db" };

export const llmNet011Examples: RuleExamples = {
  rule: "LLM-NET-011",
  pass: [
    {
      name: "a function URL for signed callers",
      resources: [{ ...url, inputs: { authorizationType: "AWS_IAM" } }],
      expect: [],
    },
    {
      name: "an endpoint service for one account",
      resources: [
        { ...service, inputs: { acceptanceRequired: true, allowedPrincipals: ["arn:aws:iam::111122223333:root"] } },
      ],
      expect: [],
    },
    { name: "a private database", resources: [database], expect: [] },
    {
      name: "a private API",
      resources: [
        {
          type: "aws:apigateway/restApi:RestApi",
          name: "api",
          inputs: { endpointConfiguration: { types: "PRIVATE" } },
        },
      ],
      expect: [],
    },
  ],
  fail: [
    {
      name: "a function URL for everyone",
      resources: [{ ...url, inputs: { authorizationType: "NONE" } }],
      expect: ["fail url authorizationType"],
    },
    {
      name: "an endpoint service for everyone",
      resources: [{ ...service, inputs: { allowedPrincipals: ["*"] } }],
      expect: ["fail service allowedPrincipals[0]"],
    },
    {
      name: "a split principal",
      resources: [
        {
          type: "aws:ec2/vpcEndpointServiceAllowedPrinciple:VpcEndpointServiceAllowedPrinciple",
          name: "all",
          inputs: { principalArn: "*", vpcEndpointServiceId: unknownValue },
        },
      ],
      expect: ["fail all principalArn"],
    },
    {
      name: "a public database",
      resources: [{ ...database, inputs: { publiclyAccessible: true } }],
      expect: ["fail db publiclyAccessible"],
    },
    {
      name: "Lattice without authentication",
      resources: [{ type: "aws:vpclattice/service:Service", name: "mesh", inputs: { authType: "NONE" } }],
      expect: ["fail mesh authType"],
    },
    {
      name: "an accelerator",
      resources: [{ type: "aws:globalaccelerator/accelerator:Accelerator", name: "fast" }],
      expect: ["fail fast"],
    },
    {
      name: "a distribution",
      resources: [{ type: "aws:cloudfront/distribution:Distribution", name: "cdn" }],
      expect: ["fail cdn"],
    },
    {
      name: "an HTTP API",
      resources: [{ type: "aws:apigatewayv2/api:Api", name: "api", inputs: { protocolType: "HTTP" } }],
      expect: ["fail api"],
    },
    {
      name: "App Runner by default",
      resources: [{ type: "aws:apprunner/service:Service", name: "app" }],
      expect: ["fail app networkConfiguration.ingressConfiguration.isPubliclyAccessible"],
    },
    {
      name: "a search domain outside a VPC",
      resources: [{ type: "aws:opensearch/domain:Domain", name: "vectors" }],
      expect: ["fail vectors vpcOptions"],
    },
  ],
  undetermined: [
    {
      name: "an unknown choice",
      resources: [{ ...url, inputs: { authorizationType: unknownValue } }],
      expect: ["undetermined url authorizationType"],
    },
  ],
};

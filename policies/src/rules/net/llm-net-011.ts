import { families, union } from "../../rule/families";
import { demand, fail, notInPlan, type Outcome } from "../../rule/outcome";
import { resourceRule } from "../../rule/rule";
import type { Value } from "../../rule/value";

const lattice = "aws:vpclattice/service:Service";
const appRunner = "aws:apprunner/service:Service";
const accelerator = new Set([
  "aws:globalaccelerator/accelerator:Accelerator",
  "aws:globalaccelerator/customRoutingAccelerator:CustomRoutingAccelerator",
]);
const httpApi = new Set(["aws:apigatewayv2/api:Api", "aws:apigateway/restApi:RestApi"]);
const distribution = "aws:cloudfront/distribution:Distribution";
const search = new Set(["aws:opensearch/domain:Domain", "aws:elasticsearch/domain:Domain"]);

export const llmNet011 = resourceRule({
  id: "LLM-NET-011",
  title: "No other door leads in from outside",
  word: "MUST",
  source: ["POL-R03"],
  looksAt:
    "function URLs, endpoint services, API gateways, CloudFront, Global Accelerator, VPC Lattice, App Runner, and databases, brokers and search domains with a public endpoint",
  remedy: "remove the door, or give it authentication and name its callers; keep data stores inside the VPC",
  controls: "exposure",
  anchors: ["CKV_AWS_258", "CKV_AWS_17", "CKV_AWS_69", "RDS.2"],
  doc: "An internal load balancer is not a proof that nothing is public: Global Accelerator, CloudFront and API Gateway reach internal balancers too, and an endpoint service lets other accounts in past every security group of the caller. Each such resource is judged by itself here; the exposure proof follows the paths.",
  types: union(
    families.functionUrl,
    families.endpointService,
    families.endpointServicePrincipal,
    families.databaseInstance,
    accelerator,
    httpApi,
    search,
    new Set([lattice, appRunner, distribution]),
  ),
  *check({ resource: { type }, inputs }) {
    if (families.functionUrl.has(type)) {
      yield* must(
        inputs.at("authorizationType"),
        (value) => value.text === "AWS_IAM",
        "anyone may call this function URL",
        "whether callers must sign in",
      );
    } else if (families.endpointService.has(type)) {
      const principals = inputs.at("allowedPrincipals");
      if (principals.unknown) yield notInPlan(principals, "who may connect");
      for (const one of principals.items())
        if (one.text === "*") yield fail(one, "every AWS account may connect to this endpoint service");
      if (inputs.at("acceptanceRequired").flag === false && principals.items().length > 1)
        yield fail("acceptanceRequired", "several principals may connect without being accepted");
    } else if (families.endpointServicePrincipal.has(type)) {
      yield* must(
        inputs.at("principalArn"),
        ({ text }) => text !== "*",
        "every AWS account may connect to the endpoint service",
        "who may connect",
      );
    } else if (families.databaseInstance.has(type)) {
      // Redshift and DMS were public by default for years; an absent value is judged by what the provider does now: private.
      yield* must(
        inputs.at("publiclyAccessible"),
        ({ flag }) => flag === false,
        "has an endpoint on the internet",
        "whether it has an endpoint on the internet",
        true,
      );
    } else if (search.has(type)) {
      if (inputs.at("vpcOptions").absent)
        yield fail("vpcOptions", "is outside any VPC, so its endpoint is on the internet");
    } else if (type === lattice) {
      yield* must(
        inputs.at("authType"),
        ({ text }) => text === "AWS_IAM",
        "whoever is in an associated network may call it without signing in",
        "whether callers must sign in",
      );
    } else if (type === appRunner) {
      yield* must(
        inputs.in("networkConfiguration", "ingressConfiguration", "isPubliclyAccessible"),
        ({ flag }) => flag === false,
        "has an endpoint on the internet",
        "whether it has an endpoint on the internet",
      );
    } else if (httpApi.has(type)) {
      const kinds = inputs.in("endpointConfiguration", "types");
      if (!(kinds.text ?? kinds.texts().join()).includes("PRIVATE"))
        yield fail("", "an API gateway endpoint is on the internet");
    } else {
      yield fail(
        "",
        type === distribution
          ? "a CloudFront distribution is on the internet"
          : "an accelerator is on the internet, and it reaches internal load balancers too",
      );
    }
  },
});

function* must(
  value: Value,
  holds: (value: Value) => boolean,
  failure: string,
  question: string,
  absentIsFine = false,
): Generator<Outcome> {
  yield* demand(value, { holds, failure, ...(absentIsFine ? {} : { absent: failure }), question });
}

import { families, union } from "../../rule/families";
import { fail, notInPlan } from "../../rule/outcome";
import { resourceRule } from "../../rule/rule";
import { hostBearing, hostTexts, revealed } from "../../workloads/host-texts";
import { assetText } from "../../graph/wire-value";
import { holdsCredential, isLiteralSecret, isSecretName } from "../secret-shapes";

const objects = new Set(["aws:s3/bucketObject:BucketObject", "aws:s3/bucketObjectv2:BucketObjectv2"]);

export const llmSec003 = resourceRule({
  id: "LLM-SEC-003",
  title: "No user data, config map, plain parameter or uploaded file holds key material",
  word: "MUST",
  source: ["POL-R17", "SEC-R07"],
  looksAt:
    "user data of hosts (Base64 and gzip opened), config maps, parameters of type String, and text objects uploaded to buckets",
  remedy: "put the value into a secret store and let the host or pod fetch it with its own role",
  controls: "secrets",
  owasp: ["LLM02"],
  anchors: ["CKV_AWS_46", "AWS-0029", "AWS-0129", "KSV-0109"],
  doc: "User data can be read by everyone who may describe the instance, and by every process on it. Key material is judged by its shape; user data that mixes in an id is unknown as a whole until the id exists.",
  types: union(hostBearing, families.configMap, families.parameter, objects),
  applies: ({ resource, inputs }) =>
    hostTexts(resource).length > 0 ||
    families.configMap.has(resource.type) ||
    inputs.at("type").text === "String" ||
    objects.has(resource.type),
  *check({ resource, inputs }) {
    for (const { property, text } of hostTexts(resource)) {
      if (text === undefined) yield notInPlan(property, "whether it holds key material");
      else if (holdsCredential(text)) yield fail(property, "holds what has the shape of a credential or private key");
    }
    if (families.configMap.has(resource.type)) {
      for (const [name, value] of [...inputs.at("data").entries(), ...inputs.at("binaryData").entries()]) {
        if (value.secret) yield fail(value, `${name} is a secret, and a config map shows it to everyone`);
        else if (
          value.text !== undefined &&
          (holdsCredential(revealed(value.text)) || (isSecretName(name) && isLiteralSecret(value.text)))
        )
          yield fail(value, `${name} holds key material`);
        else if (value.unknown && isSecretName(name)) yield notInPlan(value, `whether ${name} holds key material`);
      }
    }
    if (inputs.at("type").text === "String" && families.parameter.has(resource.type)) {
      const value = inputs.either("value", "insecureValue");
      if (value.secret || (value.text !== undefined && holdsCredential(value.text)))
        yield fail(value, "a parameter of type String holds a secret");
    }
    if (objects.has(resource.type)) {
      const content = inputs.at("content");
      const text = content.text ?? assetText(inputs.at("source").raw);
      if (content.secret || (text !== undefined && holdsCredential(text)))
        yield fail(
          content.absent ? "source" : content,
          "an uploaded file holds what has the shape of a credential or private key",
        );
    }
  },
});

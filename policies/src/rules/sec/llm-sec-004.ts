import { families, union } from "../../rule/families";
import { fail } from "../../rule/outcome";
import { resourceRule } from "../../rule/rule";
import { isPlaceholder } from "../secret-shapes";

const versions = new Set(["aws:secretsmanager/secretVersion:SecretVersion"]);

export const llmSec004 = resourceRule({
  id: "LLM-SEC-004",
  title: "No secret is a placeholder or a product's default",
  word: "MUST",
  source: ["SEC-R07"],
  looksAt: "the content of Kubernetes secrets, secret versions, and passwords of databases and brokers",
  remedy: "generate the value in the secret store, and let the program hold a reference",
  controls: "secrets",
  anchors: [],
  doc: "changeme, admin and prom-operator are the first values that anyone tries.",
  types: union(families.kubernetesSecret, versions, families.database),
  *check({ inputs }) {
    for (const [name, value] of inputs.at("stringData").entries())
      if (value.text !== undefined && isPlaceholder(value.text)) yield fail(value, `${name} is a placeholder`);
    for (const [name, value] of inputs.at("data").entries()) {
      if (value.text !== undefined && isPlaceholder(Buffer.from(value.text, "base64").toString("utf8")))
        yield fail(value, `${name} is a placeholder`);
    }
    for (const value of ["secretString", "password", "masterPassword"].map((key) => inputs.at(key)))
      if (value.text !== undefined && isPlaceholder(value.text)) yield fail(value, "is a placeholder");
  },
});

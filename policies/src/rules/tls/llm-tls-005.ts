import { families } from "../../rule/families";
import { demand } from "../../rule/outcome";
import { resourceRule } from "../../rule/rule";

export const llmTls005 = resourceRule({
  id: "LLM-TLS-005",
  title: "Certificates have keys of 2048 bits or an elliptic curve",
  word: "MUST",
  source: ["SEC-R02"],
  looksAt: "the key algorithm of certificates in AWS Certificate Manager",
  remedy: "ask for RSA_2048, EC_prime256v1 or stronger",
  controls: "transit",
  anchors: ["ACM.2"],
  doc: "An absent algorithm is RSA_2048, which is fine. Imported certificates carry their own key, which no plan shows.",
  types: families.certificate,
  *check({ inputs }) {
    yield* demand(inputs.at("keyAlgorithm"), {
      holds: ({ text }) => text !== "RSA_1024",
      failure: "a key of 1024 bits can be broken",
      question: "how strong its key is",
    });
  },
});

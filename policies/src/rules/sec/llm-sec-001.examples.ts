import { secretValue, unknownValue, type PropertyValue } from "../../graph/property-value";
import type { RuleExamples } from "../../rule/rule-example";
import { container, deployment, host } from "../engine-examples";

const env = (name: string, value: PropertyValue) => deployment([], [{ name, value }]);
const place = "spec.template.spec.containers[0].env[0].value";

export const llmSec001Examples: RuleExamples = {
  rule: "LLM-SEC-001",
  pass: [
    {
      name: "from a secret",
      resources: [deployment([], [{ name: "HF_TOKEN", valueFrom: { secretKeyRef: { name: "hub", key: "token" } } }])],
      expect: [],
    },
    {
      name: "names that only look alike",
      resources: [
        container(
          [],
          [
            "MAX_TOKENS=4096",
            "TOKENIZER_PATH=/models/t",
            "TOKEN_BUDGET=100",
            "API_KEY_FILE=/run/secrets/key",
            "HF_TOKEN",
          ],
        ),
      ],
      expect: [],
    },
    {
      name: "a reference",
      resources: [
        container(
          [],
          ["VLLM_API_KEY=${VLLM_API_KEY}", "DB_PASSWORD=arn:aws:secretsmanager:eu-central-1:111122223333:secret:db"],
        ),
      ],
      expect: [],
    },
  ],
  fail: [
    {
      name: "a literal in a pod",
      resources: [env("HUGGING_FACE_HUB_TOKEN", "not-a-real-one-x1y2z3")],
      expect: [`fail engine ${place}`],
    },
    {
      name: "a Pulumi secret as a plain variable",
      resources: [env("VLLM_API_KEY", secretValue)],
      expect: [`fail engine ${place}`],
    },
    {
      name: "a shape under a harmless name",
      resources: [env("EXTRA", `hf_${"x".repeat(34)}`)],
      expect: [`fail engine ${place}`],
    },
    {
      name: "a container",
      resources: [container([], ["A=1", "AWS_SECRET_ACCESS_KEY=abcdefghijklmnop"])],
      expect: ["fail engine envs[1]"],
    },
    {
      name: "an env file in user data",
      resources: [host("cat > /etc/engine.env <<END\nVLLM_API_KEY=abcdef123456\nEND")],
      expect: ["fail pool userData"],
    },
    {
      name: "a function",
      resources: [
        {
          type: "aws:lambda/function:Function",
          name: "f",
          inputs: { environment: { variables: { DB_PASSWORD: "hunter22" } } },
        },
      ],
      expect: ["fail f environment.variables.DB_PASSWORD"],
    },
    {
      name: "a task definition",
      resources: [
        {
          type: "aws:ecs/taskDefinition:TaskDefinition",
          name: "t",
          inputs: {
            containerDefinitions: JSON.stringify([
              {
                name: "e",
                image: "x",
                environment: [{ name: "API_KEY", value: "abcdef" }],
                secrets: [{ name: "OTHER_TOKEN", valueFrom: "arn:x" }],
              },
            ]),
          },
        },
      ],
      expect: ["fail t containerDefinitions[0].environment[0].value"],
    },
  ],
  undetermined: [
    { name: "an unknown value", resources: [env("HF_TOKEN", unknownValue)], expect: [`undetermined engine ${place}`] },
  ],
};

import { secretValue, unknownValue } from "../../graph/property-value";
import type { RuleExamples } from "../../rule/rule-example";
import { host } from "../engine-examples";

const map = { type: "kubernetes:core/v1:ConfigMap", name: "settings" };
const key = ["-----BEGIN", "PRIVATE KEY-----"].join(" ");

export const llmSec003Examples: RuleExamples = {
  rule: "LLM-SEC-003",
  pass: [
    { name: "user data without", resources: [host("systemctl start engine")], expect: [] },
    {
      name: "a config map without",
      resources: [{ ...map, inputs: { data: { MAX_TOKENS: "4096", "prometheus.yml": "scrape_configs: []" } } }],
      expect: [],
    },
    {
      name: "a plain parameter",
      resources: [
        { type: "aws:ssm/parameter:Parameter", name: "p", inputs: { type: "String", value: "10.40.0.0/16" } },
      ],
      expect: [],
    },
  ],
  fail: [
    {
      name: "a private key in user data",
      resources: [host(`cat > /key.pem <<END\n${key}\nEND`)],
      expect: ["fail pool userData"],
    },
    {
      name: "hidden twice in Base64",
      resources: [
        host(
          `write_files:\n- encoding: b64\n  content: ${Buffer.from(`token is hf_${"y".repeat(34)} and that is that`).toString("base64")}`,
        ),
      ],
      expect: ["fail pool userData"],
    },
    {
      name: "a config map",
      resources: [{ ...map, inputs: { data: { HF_TOKEN: "abcdef123456" } } }],
      expect: ["fail settings data.HF_TOKEN"],
    },
    {
      name: "a parameter of type String",
      resources: [{ type: "aws:ssm/parameter:Parameter", name: "p", inputs: { type: "String", value: secretValue } }],
      expect: ["fail p value"],
    },
    {
      name: "an uploaded file",
      resources: [{ type: "aws:s3/bucketObjectv2:BucketObjectv2", name: "o", inputs: { content: `${key}\n` } }],
      expect: ["fail o content"],
    },
  ],
  undetermined: [
    {
      name: "user data that is not known yet",
      resources: [{ type: "aws:ec2/instance:Instance", name: "i", inputs: { userData: unknownValue } }],
      expect: ["undetermined i userData"],
    },
  ],
};

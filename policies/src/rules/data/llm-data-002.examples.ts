import { unknownValue, type PropertyValue } from "../../graph/property-value";
import type { RuleExamples } from "../../rule/rule-example";

const logs = (retentionInDays?: PropertyValue) => ({
  type: "aws:cloudwatch/logGroup:LogGroup",
  name: "audit",
  inputs: retentionInDays === undefined ? {} : { retentionInDays },
});

export const llmData002Examples: RuleExamples = {
  rule: "LLM-DATA-002",
  pass: [
    { name: "90 days", resources: [logs(90)], expect: [] },
    {
      name: "a year where twelve months are asked for",
      resources: [logs(365)],
      config: { minimumDays: 365, maximumDays: 400 },
      expect: [],
    },
  ],
  fail: [
    { name: "for ever by omission", resources: [logs()], expect: ["fail audit retentionInDays"] },
    { name: "for ever by zero", resources: [logs(0)], expect: ["fail audit retentionInDays"] },
    {
      name: "90 days where twelve months are asked for",
      resources: [logs(90)],
      config: { minimumDays: 365 },
      expect: ["fail audit retentionInDays"],
    },
    { name: "too long", resources: [logs(365)], config: { maximumDays: 90 }, expect: ["fail audit retentionInDays"] },
  ],
  undetermined: [
    { name: "an unknown time", resources: [logs(unknownValue)], expect: ["undetermined audit retentionInDays"] },
  ],
};

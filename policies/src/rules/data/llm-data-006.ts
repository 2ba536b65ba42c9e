import { families } from "../../rule/families";
import { demand } from "../../rule/outcome";
import { resourceRule } from "../../rule/rule";

export const llmData006 = resourceRule({
  id: "LLM-DATA-006",
  title: "Trails cover every region and cannot be changed unseen",
  word: "SHOULD",
  source: ["SEC-R19"],
  looksAt: "the regions, validation and state of trails",
  remedy: "set isMultiRegionTrail and enableLogFileValidation to true and leave enableLogging on",
  controls: "logging",
  anchors: ["CKV_AWS_36", "CKV_AWS_67", "AWS-0014", "AWS-0016", "CloudTrail.1", "CloudTrail.4"],
  doc: "The trail itself is usually the organisation's and then not in the program; a program without one is not judged.",
  types: families.trail,
  *check({ inputs }) {
    const question = "what the trail records";
    yield* demand(inputs.at("isMultiRegionTrail"), {
      holds: ({ flag }) => flag === true,
      failure: "records one region only",
      absent: "records one region only",
      question,
    });
    yield* demand(inputs.at("enableLogFileValidation"), {
      holds: ({ flag }) => flag === true,
      failure: "its files can be changed unseen",
      absent: "its files can be changed unseen",
      question,
    });
    yield* demand(inputs.at("enableLogging"), {
      holds: ({ flag }) => flag === true,
      failure: "is switched off",
      question,
    });
  },
});

import { testRules } from "../../../test/test-rules";
import { llmWrk001Examples } from "./llm-wrk-001.examples";
import { llmWrk002Examples } from "./llm-wrk-002.examples";
import { llmWrk003Examples } from "./llm-wrk-003.examples";
import { llmWrk004Examples } from "./llm-wrk-004.examples";
import { llmWrk005Examples } from "./llm-wrk-005.examples";
import { llmWrk007Examples } from "./llm-wrk-007.examples";
import { llmWrk008Examples } from "./llm-wrk-008.examples";
import { llmWrk009Examples } from "./llm-wrk-009.examples";
import { llmWrk010Examples } from "./llm-wrk-010.examples";
import { llmWrk011Examples } from "./llm-wrk-011.examples";
import { llmWrk014Examples } from "./llm-wrk-014.examples";

testRules("WRK", [
  llmWrk001Examples,
  llmWrk002Examples,
  llmWrk003Examples,
  llmWrk004Examples,
  llmWrk005Examples,
  llmWrk007Examples,
  llmWrk008Examples,
  llmWrk009Examples,
  llmWrk010Examples,
  llmWrk011Examples,
  llmWrk014Examples,
]);

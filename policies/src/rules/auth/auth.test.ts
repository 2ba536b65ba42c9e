import { testRules } from "../../../test/test-rules";
import { llmAuth003Examples } from "./llm-auth-003.examples";
import { llmAuth004Examples } from "./llm-auth-004.examples";
import { llmAuth005Examples } from "./llm-auth-005.examples";
import { llmAuth006Examples } from "./llm-auth-006.examples";
import { llmAuth007Examples } from "./llm-auth-007.examples";
import { llmAuth008Examples } from "./llm-auth-008.examples";
import { llmAuth009Examples } from "./llm-auth-009.examples";
import { llmAuth011Examples } from "./llm-auth-011.examples";
import { llmAuth012Examples } from "./llm-auth-012.examples";

testRules("AUTH", [
  llmAuth003Examples,
  llmAuth004Examples,
  llmAuth005Examples,
  llmAuth006Examples,
  llmAuth007Examples,
  llmAuth008Examples,
  llmAuth009Examples,
  llmAuth011Examples,
  llmAuth012Examples,
]);

import { testRules } from "../../../test/test-rules";
import { llmAuth001Examples } from "./llm-auth-001.examples";
import { llmAuth003Examples } from "./llm-auth-003.examples";
import { llmAuth004Examples } from "./llm-auth-004.examples";
import { llmAuth005Examples } from "./llm-auth-005.examples";
import { llmAuth006Examples } from "./llm-auth-006.examples";
import { llmAuth007Examples } from "./llm-auth-007.examples";
import { llmAuth008Examples } from "./llm-auth-008.examples";
import { llmAuth009Examples } from "./llm-auth-009.examples";
import { llmAuth011Examples } from "./llm-auth-011.examples";
import { llmAuth012Examples } from "./llm-auth-012.examples";
import { llmAuth013Examples } from "./llm-auth-013.examples";
import { llmAuth014Examples } from "./llm-auth-014.examples";
import { llmAuth015Examples } from "./llm-auth-015.examples";

testRules("AUTH", [
  llmAuth001Examples,
  llmAuth003Examples,
  llmAuth004Examples,
  llmAuth005Examples,
  llmAuth006Examples,
  llmAuth007Examples,
  llmAuth008Examples,
  llmAuth009Examples,
  llmAuth011Examples,
  llmAuth012Examples,
  llmAuth013Examples,
  llmAuth014Examples,
  llmAuth015Examples,
]);

import { testRules } from "../../../test/test-rules";
import { llmEnc001Examples } from "./llm-enc-001.examples";
import { llmEnc002Examples } from "./llm-enc-002.examples";
import { llmEnc003Examples } from "./llm-enc-003.examples";
import { llmEnc004Examples } from "./llm-enc-004.examples";
import { llmEnc005Examples } from "./llm-enc-005.examples";
import { llmEnc006Examples } from "./llm-enc-006.examples";
import { llmEnc007Examples } from "./llm-enc-007.examples";
import { llmEnc008Examples } from "./llm-enc-008.examples";

testRules("ENC", [
  llmEnc001Examples,
  llmEnc002Examples,
  llmEnc003Examples,
  llmEnc004Examples,
  llmEnc005Examples,
  llmEnc006Examples,
  llmEnc007Examples,
  llmEnc008Examples,
]);

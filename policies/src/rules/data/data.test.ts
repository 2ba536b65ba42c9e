import { testRules } from "../../../test/test-rules";
import { llmData001Examples } from "./llm-data-001.examples";
import { llmData002Examples } from "./llm-data-002.examples";
import { llmData003Examples } from "./llm-data-003.examples";
import { llmData004Examples } from "./llm-data-004.examples";
import { llmData005Examples } from "./llm-data-005.examples";
import { llmData006Examples } from "./llm-data-006.examples";
import { llmData007Examples } from "./llm-data-007.examples";
import { llmData009Examples } from "./llm-data-009.examples";
import { llmData010Examples } from "./llm-data-010.examples";
import { llmData011Examples } from "./llm-data-011.examples";
import { llmData012Examples } from "./llm-data-012.examples";
import { llmData014Examples } from "./llm-data-014.examples";
import { llmData015Examples } from "./llm-data-015.examples";

testRules("DATA", [
  llmData001Examples,
  llmData002Examples,
  llmData003Examples,
  llmData004Examples,
  llmData005Examples,
  llmData006Examples,
  llmData007Examples,
  llmData009Examples,
  llmData010Examples,
  llmData011Examples,
  llmData012Examples,
  llmData014Examples,
  llmData015Examples,
]);

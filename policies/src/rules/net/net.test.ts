import { testRules } from "../../../test/test-rules";
import { llmNet001Examples } from "./llm-net-001.examples";
import { llmNet002Examples } from "./llm-net-002.examples";
import { llmNet003Examples } from "./llm-net-003.examples";
import { llmNet004Examples } from "./llm-net-004.examples";
import { llmNet005Examples } from "./llm-net-005.examples";
import { llmNet006Examples } from "./llm-net-006.examples";
import { llmNet007Examples } from "./llm-net-007.examples";
import { llmNet008Examples } from "./llm-net-008.examples";
import { llmNet009Examples } from "./llm-net-009.examples";
import { llmNet010Examples } from "./llm-net-010.examples";
import { llmNet011Examples } from "./llm-net-011.examples";
import { llmNet012Examples } from "./llm-net-012.examples";
import { llmNet014Examples } from "./llm-net-014.examples";
import { llmNet015Examples } from "./llm-net-015.examples";
import { llmNet016Examples } from "./llm-net-016.examples";
import { llmNet017Examples } from "./llm-net-017.examples";
import { llmNet018Examples } from "./llm-net-018.examples";
import { llmNet020Examples } from "./llm-net-020.examples";
import { llmNet021Examples } from "./llm-net-021.examples";
import { llmNet022Examples } from "./llm-net-022.examples";
import { llmNet023Examples } from "./llm-net-023.examples";
import { llmNet024Examples } from "./llm-net-024.examples";
import { llmNet026Examples } from "./llm-net-026.examples";

testRules("NET", [
  llmNet001Examples,
  llmNet002Examples,
  llmNet003Examples,
  llmNet004Examples,
  llmNet005Examples,
  llmNet006Examples,
  llmNet007Examples,
  llmNet008Examples,
  llmNet009Examples,
  llmNet010Examples,
  llmNet011Examples,
  llmNet012Examples,
  llmNet014Examples,
  llmNet015Examples,
  llmNet016Examples,
  llmNet017Examples,
  llmNet018Examples,
  llmNet020Examples,
  llmNet021Examples,
  llmNet022Examples,
  llmNet023Examples,
  llmNet024Examples,
  llmNet026Examples,
]);

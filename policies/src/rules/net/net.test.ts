import { testRules } from "../../../test/test-rules";
import { llmNet001Examples } from "./llm-net-001.examples";

testRules("NET", [llmNet001Examples]);

import { testRules } from "../../../test/test-rules";
import { llmObs001Examples } from "./llm-obs-001.examples";

testRules("OBS", [llmObs001Examples]);

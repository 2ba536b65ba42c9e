import { testRules } from "../../../test/test-rules";
import { llmSec001Examples } from "./llm-sec-001.examples";
import { llmSec002Examples } from "./llm-sec-002.examples";
import { llmSec003Examples } from "./llm-sec-003.examples";
import { llmSec004Examples } from "./llm-sec-004.examples";

testRules("SEC", [llmSec001Examples, llmSec002Examples, llmSec003Examples, llmSec004Examples]);

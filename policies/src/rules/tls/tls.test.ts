import { testRules } from "../../../test/test-rules";
import { llmTls001Examples } from "./llm-tls-001.examples";
import { llmTls002Examples } from "./llm-tls-002.examples";
import { llmTls003Examples } from "./llm-tls-003.examples";
import { llmTls004Examples } from "./llm-tls-004.examples";
import { llmTls005Examples } from "./llm-tls-005.examples";
import { llmTls006Examples } from "./llm-tls-006.examples";
import { llmTls007Examples } from "./llm-tls-007.examples";
import { llmTls008Examples } from "./llm-tls-008.examples";
import { llmTls010Examples } from "./llm-tls-010.examples";
import { llmTls012Examples } from "./llm-tls-012.examples";
import { llmTls013Examples } from "./llm-tls-013.examples";
import { llmTls014Examples } from "./llm-tls-014.examples";

testRules("TLS", [
  llmTls001Examples,
  llmTls002Examples,
  llmTls003Examples,
  llmTls004Examples,
  llmTls005Examples,
  llmTls006Examples,
  llmTls007Examples,
  llmTls008Examples,
  llmTls010Examples,
  llmTls012Examples,
  llmTls013Examples,
  llmTls014Examples,
]);

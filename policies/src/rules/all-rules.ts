import type { Rule } from "../rule/rule";
import { llmNet001 } from "./net/llm-net-001";

/** Every rule of the pack, in the order of areas and numbers. */
export const allRules: readonly Rule[] = [llmNet001];

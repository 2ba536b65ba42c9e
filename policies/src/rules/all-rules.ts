import type { Rule } from "../rule/rule";
import { llmEnc001 } from "./enc/llm-enc-001";
import { llmEnc002 } from "./enc/llm-enc-002";
import { llmEnc003 } from "./enc/llm-enc-003";
import { llmEnc004 } from "./enc/llm-enc-004";
import { llmEnc005 } from "./enc/llm-enc-005";
import { llmEnc006 } from "./enc/llm-enc-006";
import { llmEnc007 } from "./enc/llm-enc-007";
import { llmEnc008 } from "./enc/llm-enc-008";
import { llmNet001 } from "./net/llm-net-001";
import { llmNet002 } from "./net/llm-net-002";
import { llmNet003 } from "./net/llm-net-003";
import { llmNet004 } from "./net/llm-net-004";
import { llmNet005 } from "./net/llm-net-005";
import { llmNet006 } from "./net/llm-net-006";
import { llmNet007 } from "./net/llm-net-007";
import { llmNet008 } from "./net/llm-net-008";
import { llmNet009 } from "./net/llm-net-009";
import { llmNet010 } from "./net/llm-net-010";
import { llmNet011 } from "./net/llm-net-011";
import { llmNet012 } from "./net/llm-net-012";
import { llmNet014 } from "./net/llm-net-014";
import { llmNet015 } from "./net/llm-net-015";
import { llmNet016 } from "./net/llm-net-016";
import { llmNet020 } from "./net/llm-net-020";
import { llmNet023 } from "./net/llm-net-023";
import { llmNet026 } from "./net/llm-net-026";
import { llmTls001 } from "./tls/llm-tls-001";
import { llmTls002 } from "./tls/llm-tls-002";
import { llmTls003 } from "./tls/llm-tls-003";
import { llmTls004 } from "./tls/llm-tls-004";
import { llmTls005 } from "./tls/llm-tls-005";
import { llmTls006 } from "./tls/llm-tls-006";
import { llmTls008 } from "./tls/llm-tls-008";
import { llmTls012 } from "./tls/llm-tls-012";

/** Every rule of the pack, in the order of areas and numbers. */
export const allRules: readonly Rule[] = [
  llmNet001,
  llmNet002,
  llmNet003,
  llmNet004,
  llmNet005,
  llmNet006,
  llmNet007,
  llmNet008,
  llmNet009,
  llmNet010,
  llmNet011,
  llmNet012,
  llmNet014,
  llmNet015,
  llmNet016,
  llmNet020,
  llmNet023,
  llmNet026,
  llmTls001,
  llmTls002,
  llmTls003,
  llmTls004,
  llmTls005,
  llmTls006,
  llmTls008,
  llmTls012,
  llmEnc001,
  llmEnc002,
  llmEnc003,
  llmEnc004,
  llmEnc005,
  llmEnc006,
  llmEnc007,
  llmEnc008,
];

import type { ModelProfile } from "../profile";
import { deepseekAndMoonshotProfiles } from "./profiles/deepseek-and-moonshot";
import { metaProfiles } from "./profiles/meta";
import { otherProfiles } from "./profiles/others";
import { qwenProfiles } from "./profiles/qwen";

/** One profile per model of the catalogue. A function, so that nothing is made before it is asked for. */
export const modelProfileRecords = (): ModelProfile[] => [
  ...metaProfiles(),
  ...qwenProfiles(),
  ...deepseekAndMoonshotProfiles(),
  ...otherProfiles(),
];

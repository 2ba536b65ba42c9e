import type { ModelProfile } from "../profile";
import { deepseekAndMoonshotProfiles } from "./profiles/deepseek-and-moonshot";
import { googleAndMicrosoftProfiles } from "./profiles/google-and-microsoft";
import { metaProfiles } from "./profiles/meta";
import { mistralProfiles } from "./profiles/mistral";
import { nvidiaProfiles } from "./profiles/nvidia";
import { otherProfiles } from "./profiles/others";
import { qwenProfiles } from "./profiles/qwen";

/** One profile per model of the catalogue. A function, so that nothing is made before it is asked for. */
export const modelProfileRecords = (): ModelProfile[] => [
  ...metaProfiles(),
  ...qwenProfiles(),
  ...deepseekAndMoonshotProfiles(),
  ...mistralProfiles(),
  ...googleAndMicrosoftProfiles(),
  ...nvidiaProfiles(),
  ...otherProfiles(),
];

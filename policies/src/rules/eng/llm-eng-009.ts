import { compareVersions, engines } from "@holdfast/catalog";
import { z } from "zod";
import { fail, undetermined } from "../../rule/outcome";
import { placeOf } from "../../workloads/engine-command";
import { engineRule } from "../engine-rule";

export const llmEng009 = engineRule({
  id: "LLM-ENG-009",
  title: "Engines are new enough to have no known way in",
  word: "MUST",
  source: ["SEC-R14"],
  looksAt: "the version of each engine against the floor and the advisories of the catalogue",
  remedy: "move to a version without advisories and pin it by digest",
  controls: "workload",
  owasp: ["LLM04"],
  anchors: [],
  doc: "Below 0.18 vLLM runs code of a model although it is told not to (CVE-2026-22807, CVE-2026-27893; ranges from advisories of third parties, 2026-11). 0.22 is the floor that the catalogue keeps.",
  engines: ["vllm"],
  config: z.strictObject({
    /** The oldest version of vLLM that passes. */
    minimumVllm: z
      .string()
      .regex(/^\d+\.\d+\.\d+$/, { error: "must be a version such as 0.22.0" })
      .default("0.22.0"),
  }),
  *judge(engine, { minimumVllm }) {
    const place = engine.workload.image.absent ? placeOf(engine) : engine.workload.image;
    const { version } = engine;
    if (version === undefined) {
      yield undetermined(place, "the image names no version, so whether it has known holes cannot be told");
      return;
    }
    const known =
      engines.filter(({ kind }) => kind === "vllm").find((record) => record.version === version)?.advisories ?? [];
    if (compareVersions(version, minimumVllm) < 0)
      yield fail(place, `vllm ${version} is below ${minimumVllm}${known.length > 0 ? `: ${known.join("; ")}` : ""}`);
    else if (known.length > 0) yield fail(place, `vllm ${version}: ${known.join("; ")}`);
  },
});

import { z } from "zod";
import { fail, undetermined } from "../../rule/outcome";
import { option, placeOf } from "../../workloads/engine-command";
import { engineRule } from "../engine-rule";

const commit = /^[0-9a-f]{40}$/;

export const llmEng002 = engineRule({
  id: "LLM-ENG-002",
  title: "Models come from a verified place or at a fixed revision",
  word: "MUST",
  source: ["POL-R12", "MOD-R02"],
  looksAt: "the model that each engine names, and --revision, --tokenizer-revision and --code-revision",
  remedy: "serve a local folder that was verified against a manifest, or name a 40-digit commit with --revision",
  owasp: ["LLM04", "LLM05"],
  anchors: [],
  doc: "A hub id without a commit is whatever the branch holds on the day the host starts. Local folders and object stores of allowedSources are taken to be verified by the storage part. A revision that is a branch or a tag moves and does not count.",
  engines: ["vllm", "tgi", "llamacpp"],
  config: z.strictObject({
    /** Beginnings of model names that are verified elsewhere. */
    allowedSources: z.array(z.string()).default(["/", "s3://", "oci://"]),
  }),
  *judge(engine, { allowedSources }) {
    const { model, kind } = engine;
    if (model === undefined) {
      if (engine.workload.wordsOpen)
        yield undetermined(
          placeOf(engine),
          "a part of the command is not in the plan, so which model it serves cannot be told",
        );
      return;
    }
    if (model.text === undefined) {
      yield undetermined(model.place, "the model is not in the plan, so where it comes from cannot be told");
      return;
    }
    const { text } = model;
    if (allowedSources.some((start) => text.startsWith(start)) || text.startsWith("./")) return;
    if (kind === "llamacpp") {
      if (/^https?:|\//.test(text) && !text.endsWith(".gguf"))
        yield fail(model.place, `fetches ${text} when it starts, from a branch that can change`);
      return;
    }
    const revision = option(engine, "revision");
    if (revision.state === "unknown")
      yield undetermined(
        placeOf(engine),
        "a part of the command is not in the plan, so the model's revision cannot be told",
      );
    else if (revision.state === "absent") yield fail(model.place, `fetches ${text} without naming a revision`);
    else if (!commit.test(revision.value ?? ""))
      yield fail(revision.word.place, `the revision "${revision.value ?? ""}" is not a commit, so it can change`);
    for (const name of ["tokenizer-revision", "code-revision"]) {
      const other = option(engine, name);
      if (other.state === "given" && !commit.test(other.value ?? ""))
        yield fail(other.word.place, `--${name} "${other.value ?? ""}" is not a commit, so it can change`);
    }
  },
});

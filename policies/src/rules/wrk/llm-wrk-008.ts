import { z } from "zod";
import { fail, notInPlan } from "../../rule/outcome";
import { resourceRule } from "../../rule/rule";
import { workloadsOf, workloadTypes } from "../../workloads/workload";

export const llmWrk008 = resourceRule({
  id: "LLM-WRK-008",
  title: "Images are pinned by digest",
  word: "MUST",
  source: ["POL-R15"],
  looksAt: "the image of every fleet, pod, container, task and host",
  remedy: "name the image with its digest, name@sha256:...; keep the tag beside it for people",
  controls: "workload",
  owasp: ["LLM04"],
  anchors: ["CKV_K8S_14", "CKV_K8S_43", "KSV-0013", "DS-0001", "C-0075"],
  doc: "A tag is moved by whoever owns the repository, latest by everyone's next release. Only a digest names what was tested. A port of the registry is not a tag, which some tools take it for.",
  types: workloadTypes,
  config: z.strictObject({
    /** Beginnings of image names that are allowed; empty: any registry. */
    allowedRegistries: z.array(z.string()).default([]),
  }),
  applies: ({ resource }) => workloadsOf(resource).some(({ image }) => !image.absent),
  *check({ resource, config }) {
    for (const { image } of workloadsOf(resource)) {
      if (image.absent) continue;
      if (image.text === undefined) {
        yield notInPlan(image, "whether the image is pinned");
        continue;
      }
      const [name = ""] = image.text.split("@");
      const tag = /:([^/:]+)$/.exec(name)?.[1];
      // Without a name it is the id of an image on the host, which is a digest too.
      if (!/(^|@)sha256:[0-9a-f]{2,64}$/.test(image.text))
        yield fail(
          image,
          `${image.text} is not pinned by digest${tag === undefined || tag === "latest" ? " and moves with every release" : ""}`,
        );
      else if (config.allowedRegistries.length > 0 && !config.allowedRegistries.some((start) => name.startsWith(start)))
        yield fail(image, `${name} is not from an allowed registry: ${config.allowedRegistries.join(", ")}`);
    }
  },
});

import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exampleGraph } from "../rule/example-graph";
import { container, deployment, fleet, host } from "../rules/engine-examples";
import type { ExampleResource } from "../rule/rule-example";
import { enginesOf, option } from "./engine-command";
import { revealed } from "./host-texts";
import { shellWords } from "./shell-words";
import { workloadsOf } from "./workload";

function engine(resource: ExampleResource) {
  const [planned] = exampleGraph([resource]).resources;
  if (planned === undefined) throw new Error("no resource");
  return enginesOf(planned)[0];
}

describe("shellWords", () => {
  it.each<[string, readonly string[]]>([
    ["vllm serve /x --port 8000", ["vllm", "serve", "/x", "--port", "8000"]],
    [`a 'b c' "d \\"e\\"" f\\ g`, ["a", "b c", 'd "e"', "f g"]],
    ["a \\\n  b", ["a", "b"]],
    [`--x='[]' ""`, ["--x=[]", ""]],
    ["", []],
  ])("%j", (line, words) => {
    expect(shellWords(line)).toEqual(words);
  });

  it("gives back words that were quoted", () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (words) => {
        expect(
          shellWords(
            words
              .map((word) => `'${word.replaceAll("'", `'"'"'`)}'`)
              .join(" ")
              .replaceAll("\\\n", "\\ \n"),
          ),
        ).toEqual(words.map((word) => word.replaceAll("\\\n", "\\ \n")));
      }),
    );
  });
});

describe("texts for hosts", () => {
  it("opens Base64, gzip, and Base64 inside", () => {
    const inner = Buffer.from("the key is written down right here in this file").toString("base64");
    expect(revealed(Buffer.from(`write_files:\n- content: ${inner}`).toString("base64"))).toContain(
      "the key is written down",
    );
    expect(revealed(gzipSync("hello from a zipped script").toString("base64"))).toBe("hello from a zipped script");
    expect(revealed("#!/bin/sh\necho hello")).toBe("#!/bin/sh\necho hello");
  });

  it("ends on texts that are Base64 over and over", () => {
    let text = "x".repeat(60);
    for (let round = 0; round < 12; round += 1) text = Buffer.from(text).toString("base64");
    expect(revealed(text).length).toBeGreaterThan(0);
  });
});

describe("engines are found", () => {
  it.each<[string, ExampleResource]>([
    ["in our own fleet", fleet(["serve", "/models/x", "--port", "8000"])],
    ["in a pod, by its image", deployment(["--model", "/models/x", "--port=8000"])],
    [
      "in a pod behind a shell",
      deployment(
        ["/bin/bash", "-ec", "exec vllm serve /models/x --port 8000"],
        [],
        "registry.bank.example:5000/ml/serving:v0.32.0",
      ),
    ],
    ["in a container", container(["--model=/models/x", "--port", "8000"])],
    [
      "in a module call",
      container(
        ["python3", "-m", "vllm.entrypoints.openai.api_server", "--model", "/models/x", "--port", "8000"],
        [],
        "python:3.12",
      ),
    ],
    [
      "in user data, by docker run",
      host("/usr/bin/docker run -d --gpus all -e A=1 --name e vllm/vllm-openai:v0.32.0 --model /models/x --port 8000"),
    ],
    ["in user data, as a unit", host("ExecStart=/opt/venv/bin/vllm serve /models/x --port 8000")],
  ])("%s", (_, resource) => {
    const found = engine(resource);
    expect(found?.kind).toBe("vllm");
    expect(found?.model?.text).toBe("/models/x");
    if (found !== undefined) expect(option(found, "port")).toMatchObject({ state: "given", value: "8000" });
  });

  it("reads versions from images with a registry port and a digest", () => {
    expect(engine(container([], [], "registry:5000/vllm/vllm-openai:v0.32.0@sha256:abc"))?.version).toBe("0.32.0");
    expect(engine(container([], [], "registry:5000/vllm/vllm-openai"))?.version).toBeUndefined();
  });

  it("takes no other program for an engine", () => {
    for (const image of ["postgres:17", "grafana/grafana:12", "nginx"])
      expect(engine(container(["--model", "x"], [], image))).toBeUndefined();
    expect(engine(host("echo vllm is installed by the image"))).toBeUndefined();
    expect(engine(host("# vllm serve /x"))).toBeUndefined();
  });

  it("takes a job that names a program of its own for no engine, whatever its image", () => {
    const image = "ghcr.io/ggml-org/llama.cpp@sha256:abc";
    const job = (container: object): ExampleResource => ({
      type: "kubernetes:batch/v1:Job",
      name: "j",
      inputs: { spec: { template: { spec: { containers: [{ name: "a", image, ...container }] } } } },
    });
    const script = { command: ["python3"], args: ["-I", "/job/run.py"] };
    expect(engine(job(script))).toBeUndefined();
    // The image's own program, an engine by name, by module, or behind a shell, and one that goes on.
    expect(engine(job({ args: ["--server", "-m", "/x"] }))?.kind).toBe("llamacpp");
    expect(engine(job({ command: ["/app/llama-server"], args: ["-m", "/x"] }))?.kind).toBe("llamacpp");
    expect(engine(job({ command: ["python3", "-m", "llama_cpp.server"] }))?.kind).toBe("llamacpp");
    expect(engine(job({ command: ["/bin/sh", "-c", "exec llama-server -m /x"] }))?.kind).toBe("llamacpp");
    expect(engine(deployment(["-I", "/job/run.py"], [], image))?.kind).toBe("llamacpp");
  });

  it("sees init containers, jobs and pods inside custom resources", () => {
    const pod = { containers: [{ name: "a", image: "vllm/vllm-openai:v0.32.0", args: ["--model", "/x"] }] };
    const places: ExampleResource[] = [
      {
        type: "kubernetes:core/v1:Pod",
        name: "p",
        inputs: { spec: { initContainers: pod.containers, containers: [] } },
      },
      {
        type: "kubernetes:batch/v1:CronJob",
        name: "p",
        inputs: { spec: { jobTemplate: { spec: { template: { spec: pod } } } } },
      },
      {
        type: "kubernetes:leaderworkerset.x-k8s.io/v1:LeaderWorkerSet",
        name: "p",
        inputs: { spec: { leaderWorkerTemplate: { workerTemplate: { spec: pod } } } },
      },
      {
        type: "kubernetes:serving.kserve.io/v1beta1:InferenceService",
        name: "p",
        inputs: { spec: { predictor: pod } },
      },
      {
        type: "kubernetes:ray.io/v1:RayService",
        name: "p",
        inputs: { spec: { rayClusterConfig: { workerGroupSpecs: [{ template: { spec: pod } }] } } },
      },
    ];
    for (const place of places) expect([place.type, engine(place)?.kind]).toEqual([place.type, "vllm"]);
  });

  it("keeps variables of `docker run` and of the script", () => {
    const [planned] = exampleGraph([
      host("export A=1\ndocker run -e B=2 --env=C=3 -e D vllm/vllm-openai:v0.32.0 --model /x"),
    ]).resources;
    const [workload] = planned === undefined ? [] : workloadsOf(planned);
    expect(workload?.environment.map(({ name, value }) => [name, value?.text])).toEqual([
      ["B", "2"],
      ["C", "3"],
      ["D", undefined],
    ]);
  });
});

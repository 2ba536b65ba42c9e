import type { PropertyValue } from "../graph/property-value";
import type { ExampleResource } from "../rule/rule-example";

/** One of our own fleets with a given command line. */
export function fleet(
  args: readonly PropertyValue[],
  more: Readonly<Record<string, PropertyValue>> = {},
): ExampleResource {
  return {
    type: "serving:index:ModelFleet",
    name: "chat",
    outputs: {
      engine: {
        kind: "vllm",
        version: "0.32.0",
        image: "vllm/vllm-openai@sha256:00",
        args,
        environmentNames: [],
        ...more,
      },
    },
  };
}

/** A Deployment whose one container runs vLLM with the given arguments. */
export function deployment(
  args: readonly PropertyValue[],
  env: readonly PropertyValue[] = [],
  image = "vllm/vllm-openai:v0.32.0",
): ExampleResource {
  return {
    type: "kubernetes:apps/v1:Deployment",
    name: "engine",
    inputs: {
      spec: {
        template: {
          metadata: { labels: { app: "engine" } },
          spec: { containers: [{ name: "engine", image, args, env }] },
        },
      },
    },
  };
}

/** A Docker container with the given command. */
export function container(
  command: readonly PropertyValue[],
  envs: readonly PropertyValue[] = [],
  image = "vllm/vllm-openai:v0.32.0",
): ExampleResource {
  return { type: "docker:index/container:Container", name: "engine", inputs: { image, command, envs } };
}

/** A launch template whose Base64 user data holds a script. */
export function host(script: string): ExampleResource {
  return {
    type: "aws:ec2/launchTemplate:LaunchTemplate",
    name: "pool",
    inputs: { userData: Buffer.from(`#!/bin/sh\n${script}\n`).toString("base64") },
  };
}

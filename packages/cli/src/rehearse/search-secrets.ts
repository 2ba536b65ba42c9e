import { gunzipSync } from "node:zlib";
import type { CloudResource, RehearsalHome, SecretValue } from "@holdfast/testing";
import { leaksIn, searchMarkers, type Leak } from "./search-markers";
import { check, type StepResult } from "./step-result";

/** Looks for a configuration's secrets, in clear, in everything that an engine writes and prints and that its program deploys. */
export class SecretSearch {
  readonly #home: RehearsalHome;
  readonly #rendered = new Map<string, Leak>();

  constructor(home: RehearsalHome) {
    this.#home = home;
  }

  /** Looks at the texts that are deployed at this moment: what is destroyed later could not be seen any more. */
  lookAtDeployed(): void {
    if (this.#home.secrets.length === 0) return;
    for (const leak of leaksInTexts(this.#home.cloud.resources, this.#home.secrets))
      this.#rendered.set(`${leak.key} ${leak.place}`, leak);
  }

  /** The secrets may be in the stores that are made for them, and nowhere else. */
  result(steps: readonly StepResult[], clock: () => number): StepResult {
    const startedMs = clock();
    const { folder, secrets } = this.#home;
    const leaks = [
      ...searchMarkers(folder, ["cloud", "bin", "plugins"], secrets),
      ...steps.flatMap(({ name, output }) => leaksIn(output, `output of ${name}`, secrets)),
      ...this.#rendered.values(),
    ];
    const found = leaks.length === 0 ? "nowhere in clear" : `${leaks.length} found`;
    return {
      name: "secrets",
      command: "search",
      startedMs,
      durationMs: clock() - startedMs,
      counts: {},
      summary:
        secrets.length === 0
          ? "the configuration holds no secret values, so there was none to look for"
          : `${secrets.length} secret values looked for in state, events, output and deployed texts: ${found}`,
      checks: [
        check(
          "no secret is in clear",
          leaks.length === 0,
          leaks.map(({ key, place }) => `${key} in ${place}`).join("\n"),
        ),
      ],
      log: "",
      output: "",
    };
  }
}

/** Properties that are texts for hosts and programs, by type. Their content is seen by everybody who may read the text. */
const texts: Readonly<Record<string, readonly string[]>> = {
  "aws:s3/bucketObjectv2:BucketObjectv2": ["content", "contentBase64", "metadata"],
  "aws:s3/bucketObject:BucketObject": ["content", "contentBase64", "metadata"],
  "aws:ec2/launchTemplate:LaunchTemplate": ["userData", "tagSpecifications"],
  "aws:ec2/launchConfiguration:LaunchConfiguration": ["userData", "userDataBase64"],
  "aws:ec2/instance:Instance": ["userData", "userDataBase64"],
  "kubernetes:core/v1:ConfigMap": ["data", "binaryData"],
  "docker:index/container:Container": ["command", "entrypoints", "envs", "labels"],
};

function leaksInTexts(resources: readonly CloudResource[], secrets: readonly SecretValue[]): Leak[] {
  return resources.flatMap(({ type, urn, inputs }) =>
    (texts[type] ?? []).flatMap((property) => {
      const value = inputs[property];
      if (value === undefined || value === null) return [];
      const text = typeof value === "string" ? value : JSON.stringify(value);
      return leaksIn(`${text}\n${unpacked(text)}`, `${property} of ${urn}`, secrets);
    }),
  );
}

/** What is inside of compressed user data. */
function unpacked(text: string): string {
  try {
    return gunzipSync(Buffer.from(text, "base64")).toString("latin1");
  } catch {
    return "";
  }
}

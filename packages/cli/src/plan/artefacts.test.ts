import { createHash } from "node:crypto";
import { ResourceGraph, unknownValue, type PlannedResource, type PropertyMap } from "@holdfast/policies";
import { describe, expect, it } from "vitest";
import { artefactsOf } from "./artefacts";

function resource(type: string, name: string, inputs: PropertyMap): PlannedResource {
  return {
    urn: `urn:pulumi:s::p::${type}::${name}`,
    type,
    name,
    custom: true,
    inputs,
    dependencies: [],
    propertyDependencies: {},
    protect: false,
  };
}

describe("artefactsOf", () => {
  it("reads back host files and user data, by host, in a stable order", () => {
    const found = artefactsOf(
      new ResourceGraph([
        resource("aws:ec2/launchTemplate:LaunchTemplate", "edge-template", {
          userData: Buffer.from("#cloud-config\n").toString("base64"),
        }),
        resource("aws:s3/bucketObjectv2:BucketObjectv2", "f", {
          content: "global\n",
          metadata: { "holdfast-path": "/etc/haproxy.cfg", "holdfast-reader": "haproxy", "holdfast-host": "edge" },
        }),
        resource("aws:s3/bucketObjectv2:BucketObjectv2", "theirs", { content: "not ours" }),
        resource("aws:ec2/launchTemplate:LaunchTemplate", "unknown-template", { userData: unknownValue }),
      ]),
    );
    expect(found.map(({ path, reader }) => [path, reader])).toEqual([
      ["edge/etc/haproxy.cfg", "haproxy"],
      ["edge/user-data", "cloud-init"],
    ]);
    expect(found[0]?.sha256).toBe(createHash("sha256").update("global\n").digest("hex"));
  });
});

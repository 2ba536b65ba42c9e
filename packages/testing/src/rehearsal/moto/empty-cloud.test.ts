import { expect, it } from "vitest";
import type { CloudResource } from "../pretend-cloud";
import { usersFirst } from "./empty-cloud";

const resource = (id: string, ...uses: readonly string[]): CloudResource => ({
  ...{ type: "aws:x/y:Z", id, scope: "", urn: id },
  ...{ inputs: { nested: { uses } }, outputs: { arn: `arn:${id}` } },
});

it("each resource waits for all that use it, and for nothing else", async () => {
  const order: string[] = [];
  let release = (): void => undefined;
  const slow = new Promise<void>((settle) => {
    release = settle;
  });
  const done = usersFirst(
    [
      resource("network"),
      resource("subnet", "network"),
      resource("balancer", "arn:subnet"),
      resource("bucket"),
      resource("object", "bucket"),
    ],
    async ({ id }) => {
      order.push(`start ${id}`);
      if (id === "balancer") await slow;
      order.push(`end ${id}`);
      if (id === "bucket") release();
    },
  );
  await done;
  expect(order.indexOf("start bucket")).toBeGreaterThan(order.indexOf("end object"));
  // The bucket did not wait for the balancer, which is as far from the end as it.
  expect(order.indexOf("end bucket")).toBeLessThan(order.indexOf("end balancer"));
  expect(order.slice(-4)).toEqual(["start subnet", "end subnet", "start network", "end network"]);
});

it("many are under way at once, but not all; a circle ends, too", async () => {
  let running = 0;
  let most = 0;
  const seen: string[] = [];
  const many = Array.from({ length: 60 }, (_, index) => resource(`r${index}`));
  await usersFirst([...many, resource("a", "b"), resource("b", "a")], async ({ id }) => {
    most = Math.max(most, (running += 1));
    await new Promise((settle) => setImmediate(settle));
    running -= 1;
    seen.push(id);
  });
  expect(seen).toHaveLength(62);
  expect(new Set(seen).size).toBe(62);
  expect(most).toBe(16);
});

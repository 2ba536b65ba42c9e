import { inputProblems } from "@holdfast/core";
import * as ec2 from "@pulumi/aws/ec2";
import * as s3 from "@pulumi/aws/s3";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { ProgramError, type ProgramFunction } from "./plan";
import { planProgram } from "./plan-program";

/** Plans a program that must fail, and returns how. */
async function failure(program: () => unknown, more: Partial<ProgramFunction> = {}): Promise<ProgramError> {
  const result = await planProgram({ program, project: "shop", stack: "dev", ...more }).catch(
    (error: unknown) => error,
  );
  expect(result).toBeInstanceOf(ProgramError);
  return result as ProgramError;
}

describe("how a program can fail", () => {
  test("an exception: its message, and where in the program", async () => {
    const { message, stack } = await failure(() => {
      throw new TypeError("that is not a number");
    });
    expect(message).toMatch(/^TypeError: that is not a number$/m);
    expect(stack).toBe(`ProgramError: ${message}`);
  });

  test("bad arguments of a component: every problem and no place", async () => {
    const { problems } = await failure(() => {
      throw inputProblems("Shelf", [
        { path: "height", reason: "missing" },
        { path: "width", reason: "must be at least 1, got 0" },
      ]);
    });
    expect(problems).toEqual([
      "Shelf: 2 problems in its arguments\n  height: missing\n  width: must be at least 1, got 0",
    ]);
  });

  test("a rejected promise, also of a function that is not waited for", async () => {
    expect((await failure(() => Promise.reject(new Error("late no")))).message).toContain("late no");
    const careless = () => {
      void (async () => {
        await Promise.resolve();
        throw new Error("nobody listens");
      })();
    };
    expect((await failure(careless)).message).toContain("nobody listens");
  });

  test("an exception inside apply, once", async () => {
    const { problems } = await failure(() => {
      const bucket = new s3.Bucket("b", { bucket: "x" });
      new s3.Bucket("c", {
        bucket: bucket.bucket.apply((): string => {
          throw new Error("bad name");
        }),
      });
    });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain("bad name");
  });

  test("two resources of one name: at once, with the URN", async () => {
    const start = performance.now();
    const { problems } = await failure(() => {
      new s3.Bucket("twice");
      new s3.Bucket("twice");
      new s3.Bucket("never-looked-at");
    });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(
      /^two resources of type aws:s3\/bucket:Bucket have the name "twice" \(urn:pulumi:dev::shop::aws:s3\/bucket:Bucket::twice\)/,
    );
    // The real runner takes 38 seconds to say so; this only has to be another order of magnitude.
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  test("one name under two parents is no clash", async () => {
    class Shelf extends pulumi.ComponentResource {
      constructor(name: string, type: string) {
        super(type, name);
        new s3.Bucket("same", {}, { parent: this });
        this.registerOutputs();
      }
    }
    const { graph } = await planProgram({
      project: "shop",
      stack: "dev",
      program: () => [new Shelf("a", "shop:index:A"), new Shelf("b", "shop:index:B")].length,
    });
    expect(graph.ofType("aws:s3/bucket:Bucket")).toHaveLength(2);
  });

  test("an error message of the program itself", async () => {
    const { problems } = await failure(() => {
      void pulumi.log.error("the budget is spent");
    });
    expect(problems).toEqual(["the budget is spent"]);
  });

  test("missing configuration", async () => {
    const { message } = await failure(() => new pulumi.Config().require("region"));
    expect(message).toContain("Missing required configuration variable 'shop:region'");
  });

  test("an encrypted value that the program wants to look into", async () => {
    const { message } = await failure(() => new pulumi.Config().requireSecretObject("key"), {
      secretKeys: ["shop:key"],
    });
    expect(message).toContain("encrypted in the stack's configuration");
    expect(message).not.toContain("04da6b54");
  });

  test("a resource that waits for something that never comes", async () => {
    const { message } = await failure(() => new s3.Bucket("stuck", { bucket: new Promise<string>(() => undefined) }));
    expect(message).toContain(
      '"stuck" [aws:s3/bucket:Bucket] was waiting for the value of its input property "bucket"',
    );
    expect(message).not.toContain("PULUMI_DEBUG");
  });

  test("a program that never returns, and one that never rests", async () => {
    expect((await failure(() => new Promise(() => undefined), { timeoutMs: 5_000 })).message).toContain(
      "waits for something that never comes",
    );
    const restless = await failure(() => void setInterval(() => undefined, 10), { timeoutMs: 300 });
    expect(restless.message).toBe("the program did not end within 0.3 seconds; it still waits for: Timeout");
  });

  test("a program that ends the process", async () => {
    expect((await failure(() => process.exit(3))).message).toContain("process.exit(3)");
  });

  test("what was said before the failure is kept", async () => {
    const { diagnostics } = await failure(() => {
      console.warn("careful");
      throw new Error("too late");
    });
    expect(diagnostics).toEqual([{ severity: "warning", message: "careful" }]);
  });

  test("a failed plan does not spoil the next one", async () => {
    await failure(() => {
      new ec2.Vpc("twice");
      new ec2.Vpc("twice");
    });
    const { graph } = await planProgram({ program: () => new ec2.Vpc("twice"), project: "shop", stack: "dev" });
    expect(graph.resources).toHaveLength(2);
  });
});

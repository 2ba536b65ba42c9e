import { expect, it } from "vitest";
import type { DeclaredTypes } from "../aws/declared-type";
import type { AnsweredState, Diagnostic } from "./provider-process";
import { ProviderResources, type KeptState } from "./provider-resources";
import type { TerraformAws } from "./terraform-aws";

const rule: KeptState = { terraformType: "aws_x", region: "eu-central-1", state: { id: "sgr-1" }, private: "" };
const answer = (state: unknown, ...errors: readonly string[]): AnsweredState => ({
  state,
  privateBytes: new Uint8Array(),
  diagnostics: errors.map((summary): Diagnostic => ({ severity: "error", summary, detail: "", path: "" })),
});

/** The provider, with what it answers to a deletion and to a look. */
function resources(deleted: AnsweredState, seen: AnsweredState): ProviderResources {
  const process = { apply: () => Promise.resolve(deleted), read: () => Promise.resolve(seen) };
  const aws = { process, configureProcess: () => Promise.resolve() };
  return new ProviderResources(aws as unknown as TerraformAws, {} as unknown as DeclaredTypes, {});
}

it.for<[what: string, deleted: AnsweredState, seen: AnsweredState, error: RegExp | undefined]>([
  ["what was deleted is gone", answer(null), answer(null), undefined],
  ["so is what the second of two requests does not find", answer(rule.state, "NotFound"), answer(null), undefined],
  ["what is there still was refused", answer(rule.state, "in use"), answer(rule.state), /says: in use/],
  ["and so was what nobody can look at", answer(rule.state, "in use"), answer(null, "no access"), /says: in use/],
])("%s", async ([, deleted, seen, error]) => {
  const done = resources(deleted, seen).destroy(rule);
  await (error === undefined ? expect(done).resolves.toBeUndefined() : expect(done).rejects.toThrow(error));
});

// Records what a stack of today's version holds that must never be replaced: `npm run build && node test/rehearsal/record-state.mjs`.
// Run it at each release, and only then: the recorded state stands for the stacks that people have.
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");
const require = createRequire(join(root, "packages/cli/package.json"));
const {
  createStack,
  expectDone,
  exportState,
  obtainPulumi,
  readStackConfig,
  RehearsalHome,
  runPulumi,
} = require("@holdfast/testing");

const cli = await obtainPulumi(() => undefined);
mkdirSync(join(root, "test/rehearsal/recorded"), { recursive: true });
for (const environment of ["dev", "prod"]) {
  const home = new RehearsalHome(cli, readStackConfig(root, environment));
  try {
    await createStack(home);
    await expectDone(runPulumi(home, ["up", "--yes", "--skip-preview", "--stack", environment]));
    const { version, deployment } = await exportState(home);
    const resources = withWhatTheyNeed(deployment.resources);
    const state = { version, deployment: { manifest: deployment.manifest, resources } };
    // Nobody could decrypt them with this stack's key gone.
    const text = JSON.stringify(state, (_key, value) => (isSecret(value) ? "(a secret)" : value), 1);
    const file = join(root, `test/rehearsal/recorded/${environment}.json`);
    writeFileSync(file, `${text.replaceAll(home.folder, "/rehearsal")}\n`);
    console.log(`${environment}: ${resources.length} of ${deployment.resources.length} resources`);
  } finally {
    home.remove();
  }
}

/** The protected resources, their parents, providers and dependencies; without times and places of this machine. */
function withWhatTheyNeed(resources) {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const needed = new Set();
  const visit = (urn) => {
    const resource = byUrn.get(urn);
    if (resource === undefined || needed.has(urn)) return;
    needed.add(urn);
    const { parent, provider, dependencies = [] } = resource;
    for (const other of [...dependencies, parent ?? "", provider?.slice(0, provider.lastIndexOf("::")) ?? ""])
      visit(other);
  };
  for (const { urn, protect } of resources) if (protect === true) visit(urn);
  return resources
    .filter(({ urn }) => needed.has(urn))
    .map(({ created: _c, modified: _m, sourcePosition: _p, stackTrace: _t, ...resource }) => resource);
}

function isSecret(value) {
  return typeof value === "object" && value !== null && "4dabf18193072939515e22adb298388d" in value;
}

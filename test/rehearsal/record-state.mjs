// Records the whole state of a stack of today's version: `npm run build && node test/rehearsal/record-state.mjs`.
// Run it at each release, and only then: the recorded state stands for the stacks that people have.
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";

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
    const resources = deployment.resources.map(portable);
    const state = { version, deployment: { manifest: deployment.manifest, resources } };
    // Nobody could decrypt a secret with this stack's key gone.
    const text = JSON.stringify(state, (_key, value) => (isSecret(value) ? "(a secret)" : value));
    const file = join(root, `test/rehearsal/recorded/${environment}.json.gz`);
    writeFileSync(file, gzipSync(text.replaceAll(home.folder, "/rehearsal"), { level: 9 }));
    console.log(`${environment}: ${resources.length} resources`);
  } finally {
    home.remove();
  }
}

/** Without times and places of this machine. */
function portable({ created: _c, modified: _m, sourcePosition: _p, stackTrace: _t, ...resource }) {
  return resource;
}

function isSecret(value) {
  return typeof value === "object" && value !== null && "4dabf18193072939515e22adb298388d" in value;
}

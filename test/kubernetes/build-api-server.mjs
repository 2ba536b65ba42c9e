// Builds the real Kubernetes API server from its published Go module into this user's cache, once per version: about 4 minutes on 2
// cores. `npm run test:kubernetes` does it and then holds the stand-in for Kubernetes to what it accepts and refuses.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);
const { builtPulumi } = require("@holdfast/testing");
const version = "v1.35.0";
const cache = dirname(dirname(builtPulumi()));
const file = join(cache, `kube-apiserver-${version}`, "kube-apiserver");

if (!existsSync(file)) {
  console.log(`building the Kubernetes API server ${version}: once per user and version, 4 minutes on 2 cores`);
  mkdirSync(dirname(file), { recursive: true });
  const scratch = mkdtempSync(join(cache, "building-"));
  try {
    for (const name of ["go.mod", "go.sum"]) cpSync(join(import.meta.dirname, name), join(scratch, name));
    const stamp = `-X k8s.io/component-base/version.gitVersion=${version}`;
    execFileSync(
      "go",
      [
        ...["build", "-mod=readonly", "-trimpath", "-ldflags", `-w -s ${stamp}`],
        ...["-o", join(scratch, "kube-apiserver"), "k8s.io/kubernetes/cmd/kube-apiserver"],
      ],
      {
        cwd: scratch,
        stdio: "inherit",
        env: { ...process.env, CGO_ENABLED: "0", GOWORK: "off", GOTOOLCHAIN: "local" },
      },
    );
    renameSync(join(scratch, "kube-apiserver"), file);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
console.log(file);

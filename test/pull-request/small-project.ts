import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../project-copy";

/** A small project of a company: what `small` plans has one finding, and one more when its engine is open. */
export function writeSmallProject(folder: string, open: boolean): void {
  mkdirSync(join(folder, "config"), { recursive: true });
  writeFileSync(join(folder, "Pulumi.yaml"), "name: small\nruntime: nodejs\nmain: index.js\nstackConfigDir: config\n");
  writeFileSync(join(folder, "config/Pulumi.small.yaml"), "config:\n  aws:region: eu-central-1\n");
  writeFileSync(
    join(folder, "index.js"),
    `const ec2 = require("@pulumi/aws/ec2");
const group = (name, cidrBlocks) =>
  new ec2.SecurityGroup(name, { vpcId: "vpc-1", ingress: [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks }] });
group("spare", ["10.0.0.0/8"]);
group("engine", ["${open ? "0.0.0.0/0" : "10.0.0.0/8"}"]);
`,
  );
}

/** `npm ci` in such a project: its packages are those of this repository. Fails where a file says so. */
export const npmStandIn = `#!/bin/sh
[ "$1" = ci ] || exit 64
if [ -e not-installable ]; then echo "npm error" >&2; exit 1; fi
ln -sfn '${root}/node_modules' node_modules
`;

/** `npx --no holdfast ...`: the command of this repository, as it is compiled. */
export const npxStandIn = `#!/bin/sh
[ "$1 $2" = "--no holdfast" ] || exit 64
shift 2
exec '${process.execPath}' '${root}/packages/cli/bin/holdfast.js' "$@"
`;

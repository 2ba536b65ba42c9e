import { bootstrapScript } from "./bootstrap-script";
import { manifestText, type ManifestEntry } from "./host-manifest";
import { instanceDataScript } from "./instance-data-script";

/** EC2 takes 16 KiB of user data before base64 (RunInstances). */
export const userDataLimitBytes = 16_384;

export interface UserDataSpec {
  /** Name of the pool: the hosts' folder in the configuration bucket. */
  readonly pool: string;
  readonly manifest: readonly ManifestEntry[];
}

/**
 * The user data of a pool's hosts: a cloud-init document with the bootstrap and the manifest of all files, known to the last byte
 * at plan time. Throws a RangeError when it is over the size that EC2 takes.
 */
export function renderUserData({ pool, manifest }: UserDataSpec): string {
  const text = [
    "#cloud-config",
    "package_update: false",
    "package_upgrade: false",
    "ssh_pwauth: false",
    "disable_root: true",
    "write_files:",
    ...written("/etc/holdfast/pool", "0444", `${pool}\n`),
    ...written("/etc/holdfast/manifest", "0444", manifestText(manifest)),
    ...written("/usr/local/lib/holdfast/instance-data", "0444", instanceDataScript),
    ...written("/usr/local/lib/holdfast/bootstrap", "0555", bootstrapScript),
    "runcmd:",
    "  - [/usr/local/lib/holdfast/bootstrap]",
    "",
  ].join("\n");
  const bytes = Buffer.byteLength(text);
  if (bytes > userDataLimitBytes) {
    throw new RangeError(
      `the user data of ${pool} has ${bytes} bytes and EC2 takes ${userDataLimitBytes}; ${manifest.length} files are listed in it, pack some together`,
    );
  }
  return text;
}

function written(path: string, mode: string, content: string): string[] {
  const block = content.replace(/\n$/, "").split("\n");
  return [
    `  - path: ${path}`,
    `    permissions: "${mode}"`,
    "    content: |",
    ...block.map((line) => (line === "" ? "" : `      ${line}`)),
  ];
}

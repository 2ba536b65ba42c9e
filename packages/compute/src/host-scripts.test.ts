import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { HostFile } from "@holdfast/core";
import { afterEach, beforeEach, describe, expect, it, type TestContext } from "vitest";
import { startGroup, type ProcessGroup } from "../../../test/process-group";
import { bootstrapScript } from "./bootstrap-script";
import { hostFiles } from "./host-files";
import { hostManifest, manifestText } from "./host-manifest";
import { instanceDataScript } from "./instance-data-script";
import { referencesText } from "./secret-references";
import { renderUserData } from "./user-data";

const spec = {
  services: ["web.service", "metrics.service"],
  secrets: [{ name: "tls.pem", owner: "root:root" }],
  drainSeconds: 60,
  readyCommand: "",
  images: [`111122223333.dkr.ecr.eu-central-1.amazonaws.com/web@sha256:${"a".repeat(64)}`],
  dataVolume: { mountPath: "/var/lib/data", owner: "root:root" },
  instanceStorePath: "/var/lib/holdfast/models",
  efaDevices: 4,
};
const own = hostFiles(spec);
const library = "/usr/local/lib/holdfast";

/** Skips, in a way that the last line of the run counts, when the program that reads an artefact is not installed. */
function needs(context: TestContext, program: string): void {
  if (spawnSync("sh", ["-c", `command -v ${program}`]).status !== 0) context.skip(`${program} is not installed`);
}

describe("what the hosts run, read by the programs that read it", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "holdfast-host-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it("passes shellcheck", (context) => {
    needs(context, "shellcheck");
    const scripts = [
      ...own.filter((file) => file.reader === "shell").map((file) => [file.path, file.content] as const),
      ["bootstrap", bootstrapScript] as const,
    ];
    expect(scripts.length).toBe(9);
    for (const [path, content] of scripts) {
      const { status, stdout } = spawnSync("shellcheck", ["--severity=style", "-"], {
        input: content,
        encoding: "utf8",
      });
      expect(`${path}: ${stdout}`).toBe(`${path}: `);
      expect(status).toBe(0);
    }
    const sourced = spawnSync("shellcheck", ["--severity=style", "-"], {
      input: instanceDataScript,
      encoding: "utf8",
    });
    expect(sourced.stdout).toBe("");
  });

  it("passes cloud-init schema", (context) => {
    needs(context, "cloud-init");
    const file = join(folder, "user-data.yaml");
    const text = renderUserData({ pool: "edge", manifest: hostManifest("edge", own) });
    writeFileSync(file, text);
    const read = spawnSync("cloud-init", ["schema", "--config-file", file], { encoding: "utf8" });
    expect(read.stdout + read.stderr).toContain("Valid");
    expect(read.status).toBe(0);

    // The reader must be able to refuse: a wrong key is no longer a valid document.
    writeFileSync(file, text.replace("permissions:", "permission:"));
    expect(spawnSync("cloud-init", ["schema", "--config-file", file]).status).not.toBe(0);
  });

  it("passes systemd-analyze verify", (context) => {
    needs(context, "systemd-analyze");
    for (const file of own) place(folder, file);
    place(folder, { path: "/bin/true", content: "", reader: "text", mode: "0755" });
    const units = own.filter((file) => file.reader === "systemd");
    for (const name of [...spec.services]) {
      place(folder, {
        path: `/etc/systemd/system/${name}`,
        content: "[Service]\nExecStart=/bin/true\n",
        reader: "systemd",
      });
    }
    expect(units.length).toBe(7);
    const services = spec.services.map((name) => join(folder, "/etc/systemd/system", name));
    const verify = () =>
      spawnSync(
        "systemd-analyze",
        [
          "verify",
          "--recursive-errors=no",
          `--root=${folder}`,
          ...units.map((unit) => join(folder, unit.path)),
          ...services,
        ],
        {
          encoding: "utf8",
        },
      );
    const read = verify();
    expect(read.stderr).toBe("");
    expect(read.status).toBe(0);

    const [first] = units;
    if (first) place(folder, { ...first, content: first.content.replace("Type=oneshot", "Type=once") });
    expect(verify().stderr).toContain("once");
    if (first) place(folder, first);

    const [limit] = own.filter(({ path }) => path.endsWith("/holdfast-efa.conf"));
    if (limit) place(folder, { ...limit, content: limit.content.replace("infinity", "unending") });
    expect(verify().stderr).toContain("unending");
  });
});

describe("what the hosts do", () => {
  let root = "";
  let server: Server;
  let groups: ProcessGroup[] = [];
  let metadata: Record<string, string> = {};

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), "holdfast-host-"));
    metadata = {
      "meta-data/placement/region": "eu-central-1",
      "meta-data/instance-id": "i-0123456789abcdef0",
      "meta-data/tags/instance/holdfast:config-bucket": "the-bucket",
      "meta-data/tags/instance/holdfast:log-group": "the-log",
      "meta-data/tags/instance/aws:autoscaling:groupName": "edge-group-1234567",
    };
    server = createServer((request, response) => {
      const path = decodeURIComponent((request.url ?? "").replace("/latest/", ""));
      if (path === "api/token" && request.method === "PUT") return response.end("token");
      // Version 1 of the service, without a token, does not exist here.
      if (request.headers["x-aws-ec2-metadata-token"] !== "token") return response.writeHead(401).end();
      if (path === "meta-data/tags/instance") {
        return response.end(
          Object.keys(metadata)
            .filter((key) => key.startsWith("meta-data/tags/instance/"))
            .map((key) => key.replace("meta-data/tags/instance/", ""))
            .join("\n"),
        );
      }
      const value = metadata[path];
      return value === undefined ? response.writeHead(404).end() : response.end(value);
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    for (const file of own) place(root, file);
    place(root, { path: `${library}/instance-data`, content: instanceDataScript, reader: "shell" });
    place(root, { path: `${library}/bootstrap`, content: bootstrapScript, reader: "shell", mode: "0755" });
    command(
      "install",
      '[ "$1" != -d ] || exec /usr/bin/install "$@"; while [ "${1#-}" != "$1" ]; do case $1 in -m) mode=$2; shift 2;; -D) shift;; *) shift 2;; esac; done; mkdir -p "$(dirname "$2")"; cp "$1" "$2"; chmod "$mode" "$2"',
    );
    for (const name of ["systemctl", "systemd-sysusers", "systemd-tmpfiles", "chown"]) command(name, "true");
  });
  afterEach(async () => {
    await Promise.all(groups.map((group) => group.end()));
    groups = [];
    server.close();
    rmSync(root, { recursive: true, force: true });
  });

  /** A stand-in for a program of the host; each call is noted. */
  function command(name: string, body: string): void {
    const path = join(root, "bin", name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `#!/bin/bash\necho "${name} $*" >>"${root}/calls"\n${body}\n`);
    chmodSync(path, 0o755);
  }
  const calls = (name: string) =>
    (existsSync(join(root, "calls")) ? readFileSync(join(root, "calls"), "utf8") : "")
      .split("\n")
      .filter((line) => line.startsWith(`${name} `));

  function start(script: string, ...args: string[]) {
    const group = startGroup("bash", [join(root, library, script), ...args], {
      env: {
        PATH: `${root}/bin:${process.env.PATH ?? ""}`,
        HOLDFAST_ROOT: root,
        HOLDFAST_IMDS: `http://127.0.0.1:${(server.address() as AddressInfo).port}/latest`,
        HOLDFAST_RETRY_SECONDS: "0.05",
      },
    });
    groups.push(group);
    const { child } = group;
    let output = "";
    child.stdout.on("data", (text) => (output += String(text)));
    child.stderr.on("data", (text) => (output += String(text)));
    const ended = new Promise<{ code: number | null; output: string }>((done) =>
      child.on("close", (code) => {
        done({ code, output });
      }),
    );
    return { child, ended, output: () => output };
  }

  async function until(condition: () => boolean, what: string): Promise<void> {
    for (let attempt = 0; attempt < 400; attempt++) {
      if (condition()) return;
      await new Promise((done) => setTimeout(done, 25));
    }
    throw new Error(`waited in vain for: ${what}`);
  }

  const delivered: HostFile[] = [
    { path: "/etc/web/web.conf", content: "listen 443\nname grüezi\n", reader: "text", mode: "0640" },
    { path: "/etc/sysusers.d/web.conf", content: "u web -\n", reader: "text" },
    { path: "/etc/holdfast/units", content: "holdfast-prepare.service\nweb.service\n", reader: "text" },
  ];

  /** The bucket, as a folder; the manifest, as user data writes it. */
  function publish(files: readonly HostFile[]): void {
    const entries = hostManifest("edge", files);
    for (const entry of entries)
      place(root, { path: `/bucket/${entry.key}`, content: entry.file.content, reader: "text" });
    place(root, { path: "/etc/holdfast/manifest", content: manifestText(entries), reader: "text" });
    place(root, { path: "/etc/holdfast/pool", content: "edge\n", reader: "text" });
    command(
      "aws",
      '[ "$1 $2 $3 $4 $5" = "s3api get-object --bucket the-bucket --key" ] || exit 9; cp "$HOLDFAST_ROOT/bucket/$6" "$7"',
    );
  }

  const secretArn = (name: string) => `arn:aws:secretsmanager:eu-central-1:111122223333:secret:${name}`;

  /** The bucket with the list of secrets that the tag names, and a store in which each secret holds its own name. */
  function refer(secrets: readonly { readonly name: string; readonly arn: string }[]): void {
    const text = referencesText(secrets);
    const sha256 = createHash("sha256").update(text).digest("hex");
    metadata["meta-data/tags/instance/holdfast:secret-references"] = sha256;
    place(root, { path: `/bucket/hosts/edge/secret-references/${sha256}`, content: text, reader: "text" });
    place(root, { path: "/etc/holdfast/pool", content: "edge\n", reader: "text" });
    command(
      "aws",
      `case "$*" in
        "s3api get-object --bucket the-bucket --key "*) cp "$HOLDFAST_ROOT/bucket/$6" "$7" ;;
        "secretsmanager get-secret-value --secret-id "*" --query SecretString --output text") echo "\${4##*:}" ;;
        *) exit 9 ;;
      esac`,
    );
  }

  it("puts every file in place, users first, and starts the units in order", async () => {
    publish(delivered);
    const { code, output } = await start("bootstrap").ended;
    expect(output).toBe("");
    expect(code).toBe(0);
    expect(readFileSync(join(root, "/etc/web/web.conf"), "utf8")).toBe("listen 443\nname grüezi\n");
    expect(statSync(join(root, "/etc/web/web.conf")).mode & 0o777).toBe(0o640);
    const order = readFileSync(join(root, "calls"), "utf8")
      .split("\n")
      .map((line) => line.split(" ")[0]);
    expect(order.filter((name) => name !== "aws" && name !== "")).toEqual([
      "install",
      "systemd-sysusers",
      "install",
      "install",
      "systemd-tmpfiles",
      "systemctl",
      "systemctl",
      "systemctl",
      "systemctl",
      "systemctl",
    ]);
    expect(calls("systemctl")).toEqual([
      "systemctl daemon-reload",
      "systemctl enable holdfast-prepare.service",
      "systemctl start --no-block holdfast-prepare.service",
      "systemctl enable web.service",
      "systemctl start --no-block web.service",
    ]);
  });

  it("installs nothing when one file is not the one that the launch template names", async () => {
    publish(delivered);
    const [, conf] = hostManifest("edge", delivered).filter((entry) => entry.path !== "/etc/holdfast/units");
    if (conf) place(root, { path: `/bucket/${conf.key}`, content: "listen 80\n", reader: "text" });
    const { code, output } = await start("bootstrap").ended;
    expect(code).toBe(1);
    expect(output).toContain("refused: /etc/web/web.conf");
    expect(calls("install")).toEqual([]);
    expect(calls("systemctl")).toEqual([]);
  });

  it("tries again while the bucket cannot be reached yet", async () => {
    publish(delivered);
    command(
      "aws",
      'tries=$(grep -c "^aws" "$HOLDFAST_ROOT/calls"); [ "$tries" -gt 3 ] || exit 255; cp "$HOLDFAST_ROOT/bucket/$6" "$7"',
    );
    const { code } = await start("bootstrap").ended;
    expect(code).toBe(0);
    expect(calls("aws").length).toBe(6);
  });

  it("writes parameters that units and shells can read, and secrets that only their owner can", async () => {
    metadata["meta-data/tags/instance/holdfast:param:MODEL_BUCKET"] = "models-1234";
    metadata["meta-data/tags/instance/holdfast:param:NOTE"] = "two words, and more";
    refer([{ name: "tls.pem", arn: secretArn("tls") }]);
    const { code, output } = await start("prepare").ended;
    expect(output).toBe("");
    expect(code).toBe(0);
    expect(readFileSync(join(root, "run/holdfast/parameters.env"), "utf8")).toBe(
      "MODEL_BUCKET='models-1234'\nNOTE='two words, and more'\n",
    );
    const secret = join(root, "run/holdfast/secrets/tls.pem");
    expect(readFileSync(secret, "utf8")).toBe("tls\n");
    expect(statSync(secret).mode & 0o777).toBe(0o400);
    expect(calls("chown").map((line) => line.split(" ")[1])).toEqual(["root:root"]);
    expect(readdirSync(join(root, "run/holdfast/secrets"))).toEqual(["tls.pem"]);
  });

  it("fetches a secret once for all its files, gives each to its owner, and reads the list once", async () => {
    place(root, {
      path: "/etc/holdfast/secrets",
      content: "one web:web\nother root:root\ntls.pem root:root\n",
      reader: "text",
    });
    refer([
      { name: "other", arn: secretArn("shared") },
      { name: "tls.pem", arn: secretArn("tls") },
      { name: "one", arn: secretArn("shared") },
    ]);
    for (const round of [1, 2]) {
      const { code, output } = await start("prepare").ended;
      expect(output).toBe("");
      expect(code).toBe(0);
      expect(calls("aws secretsmanager")).toHaveLength(2 * round);
    }
    expect(calls("aws s3api")).toHaveLength(1);
    const secrets = join(root, "run/holdfast/secrets");
    expect(readdirSync(secrets).map((name) => [name, readFileSync(join(secrets, name), "utf8")])).toEqual([
      ["one", "shared\n"],
      ["other", "shared\n"],
      ["tls.pem", "tls\n"],
    ]);
    const owners = calls("chown").map((line) => [
      /secrets\/\.(one|other|tls\.pem)\./.exec(line)?.[1],
      line.split(" ")[1],
    ]);
    expect(Object.fromEntries(owners)).toEqual({ one: "web:web", other: "root:root", "tls.pem": "root:root" });
    expect(readdirSync(join(root, "run/holdfast")).sort()).toEqual(["parameters.env", "secret-references", "secrets"]);
  });

  it("fetches no secret by a list that is not the one which the launch template names", async () => {
    refer([{ name: "tls.pem", arn: secretArn("tls") }]);
    metadata["meta-data/tags/instance/holdfast:secret-references"] = "0".repeat(64);
    place(root, {
      path: `/bucket/hosts/edge/secret-references/${"0".repeat(64)}`,
      content: `${secretArn("other")} tls.pem\n`,
      reader: "text",
    });
    const { code, output } = await start("prepare").ended;
    expect(code).toBe(1);
    expect(output).toContain("refused: the list of secrets");
    expect(calls("aws secretsmanager")).toEqual([]);
    expect(existsSync(join(root, "run/holdfast/secret-references"))).toBe(false);
  });

  it("does not go on by a list that has changed on the host: it fetches the right one", async () => {
    refer([{ name: "tls.pem", arn: secretArn("tls") }]);
    place(root, {
      path: "/run/holdfast/secret-references",
      content: `${secretArn("other")} tls.pem\n`,
      reader: "text",
    });
    expect((await start("prepare").ended).code).toBe(0);
    expect(readFileSync(join(root, "run/holdfast/secrets/tls.pem"), "utf8")).toBe("tls\n");
  });

  it.each(["$(reboot)", "a'b", "a;b", "a`b`"])("refuses the parameter %s", async (value) => {
    metadata["meta-data/tags/instance/holdfast:param:EVIL"] = value;
    const { code, output } = await start("prepare").ended;
    expect(code).toBe(1);
    expect(output).toContain("refused: parameter EVIL");
    expect(existsSync(join(root, "run/holdfast/parameters.env"))).toBe(false);
  });

  it("reports ready once, when every service is active, and drains before it lets go", async () => {
    metadata["meta-data/autoscaling/target-lifecycle-state"] = "InService";
    command("systemctl", '[ -e "$HOLDFAST_ROOT/up-$3" ]');
    command("aws", "true");
    place(root, {
      path: "/etc/holdfast/drain.d/10-leave",
      content: '#!/bin/bash\necho leave >>"$HOLDFAST_ROOT/drained"\nexit 3\n',
      reader: "shell",
      mode: "0755",
    });
    place(root, {
      path: "/etc/holdfast/drain.d/20-finish",
      content: '#!/bin/bash\necho finish >>"$HOLDFAST_ROOT/drained"\n',
      reader: "shell",
      mode: "0755",
    });
    const { ended } = start("lifecycle");
    await until(() => calls("systemctl").length > 3, "some looks at the services");
    for (const unit of ["web.service", "metrics.service"]) {
      writeFileSync(join(root, `up-${unit}`), "");
      const looks = calls("systemctl").length;
      await until(() => calls("systemctl").length > looks + 4, "more looks");
      expect(calls("aws")).toEqual([]);
    }
    // The adapters of the host count as one of its services.
    writeFileSync(join(root, "up-holdfast-efa.service"), "");
    await until(() => calls("aws").length > 0, "an answer to the launch hook");
    metadata["meta-data/autoscaling/target-lifecycle-state"] = "Terminated";
    const { code } = await ended;
    expect(code).toBe(0);
    const answer = (hook: string) =>
      `aws autoscaling complete-lifecycle-action --auto-scaling-group-name edge-group-1234567 --instance-id i-0123456789abcdef0 --lifecycle-hook-name ${hook} --lifecycle-action-result CONTINUE`;
    expect(calls("aws")).toEqual([answer("holdfast-launch"), answer("holdfast-drain")]);
    expect(readFileSync(join(root, "drained"), "utf8")).toBe("leave\nfinish\n");
  });

  it("drains when a spot instance is to be interrupted", async () => {
    metadata["meta-data/autoscaling/target-lifecycle-state"] = "InService";
    metadata["meta-data/spot/instance-action"] = '{"action":"terminate","time":"2026-11-20T10:00:00Z"}';
    command("systemctl", "false");
    command("aws", "true");
    expect((await start("lifecycle").ended).code).toBe(0);
    expect(calls("aws").length).toBe(1);
    expect(calls("aws")[0]).toContain("holdfast-drain");
  });

  it("sends each journal entry once, as it was", async () => {
    const messages = ['plain "quoted" \\ back', "Grüezi\u0001", "third", "fourth"];
    const lines = messages.map((MESSAGE, index) =>
      JSON.stringify({
        __CURSOR: `s=1;i=${index}`,
        __REALTIME_TIMESTAMP: `17000000000${index}1234`.slice(0, 16),
        MESSAGE,
        PRIORITY: "6",
      }),
    );
    writeFileSync(join(root, "first"), `${lines.slice(0, 3).join("\n")}\n`);
    writeFileSync(join(root, "second"), `${lines.slice(3).join("\n")}\n`);
    command(
      "journalctl",
      'case "$*" in *"--after-cursor s=1;i=2") cat "$HOLDFAST_ROOT/second";; *--boot) cat "$HOLDFAST_ROOT/first";; esac',
    );
    command(
      "aws",
      'case "$2" in put-log-events) n=$(ls "$HOLDFAST_ROOT" | grep -c "^sent"); cp "${8#file://}" "$HOLDFAST_ROOT/sent$n";; create-log-stream) echo ResourceAlreadyExistsException >&2; exit 254;; esac',
    );
    const { child, ended } = start("ship-journal");
    await until(() => existsSync(join(root, "sent1")), "two batches");
    await until(() => calls("journalctl").length > 4, "some more looks");
    child.kill();
    await ended;
    const batches = ["sent0", "sent1"].map(
      (name) => JSON.parse(readFileSync(join(root, name), "utf8")) as { timestamp: number; message: string }[],
    );
    expect(batches.map((batch) => batch.length)).toEqual([3, 1]);
    expect(batches.flat().map(({ message }) => (JSON.parse(message) as { MESSAGE: string }).MESSAGE)).toEqual(messages);
    expect(batches.flat().map(({ message }) => message)).toEqual(lines);
    expect(batches.flat().every(({ timestamp }) => String(timestamp).length === 13)).toBe(true);
    expect(existsSync(join(root, "sent2"))).toBe(false);
  });

  it.each([
    { disks: 1, raid: 0, device: "/dev/nvme1n1" },
    { disks: 4, raid: 2, device: "/dev/md/holdfast" },
  ])("makes one file system of $disks local disks", async ({ disks, raid, device }) => {
    const local = Array.from(
      { length: disks },
      (_, index) => `/dev/nvme${index + 1}n1 Amazon EC2 NVMe Instance Storage`,
    );
    writeFileSync(join(root, "disks"), `/dev/nvme0n1 Amazon Elastic Block Store\n${local.join("\n")}\n`);
    command("lsblk", 'cat "$HOLDFAST_ROOT/disks"');
    command("mountpoint", "false");
    command("mdadm", '[ "$1" = --create ]');
    command("blkid", "exit 2");
    for (const name of ["mkfs.xfs", "mount"]) command(name, "true");
    const path = join(root, "models");
    const { code, output } = await start("instance-store", path).ended;
    expect(output).toBe("");
    expect(code).toBe(0);
    expect(calls("mdadm").length).toBe(raid);
    if (raid > 0)
      expect(calls("mdadm").at(-1)).toBe(
        "mdadm --create /dev/md/holdfast --run --level=0 --raid-devices=4 /dev/nvme1n1 /dev/nvme2n1 /dev/nvme3n1 /dev/nvme4n1",
      );
    expect(calls("mkfs.xfs")).toEqual([`mkfs.xfs -q ${device}`]);
    expect(calls("mount")).toEqual([`mount -o noatime ${device} ${path}`]);
  });

  it("fails where the type's local disks are missing, and uses what the Deep Learning AMI has mounted", async () => {
    command("lsblk", "echo /dev/nvme0n1 Amazon Elastic Block Store");
    command("mountpoint", "false");
    const path = join(root, "models");
    expect((await start("instance-store", path).ended).output).toContain("none is to be seen");
    command("mountpoint", '[ "$2" = /opt/dlami/nvme ]');
    command("mkdir", '[ "$2" = /opt/dlami/nvme/holdfast ] || /bin/mkdir "$@"');
    command("mount", "true");
    expect((await start("instance-store", path).ended).code).toBe(0);
    expect(calls("mount")).toEqual([`mount --bind /opt/dlami/nvme/holdfast ${path}`]);
  });

  /** What the kernel shows of RDMA devices; the driver of each, in the order of their numbers. */
  function devices(...drivers: readonly string[]): void {
    rmSync(join(root, "sys/class/infiniband_verbs"), { recursive: true, force: true });
    rmSync(join(root, "dev/infiniband"), { recursive: true, force: true });
    place(root, { path: "/sys/class/infiniband_verbs/abi_version", content: "6\n", reader: "text" });
    drivers.forEach((driver, index) => {
      const device = join(root, `sys/class/infiniband_verbs/uverbs${index}/device`);
      mkdirSync(device, { recursive: true });
      symlinkSync(`../../../../bus/pci/drivers/${driver}`, join(device, "driver"));
      place(root, { path: `/dev/infiniband/uverbs${index}`, content: "", reader: "text" });
    });
  }

  it("lets services start with all Elastic Fabric Adapters, and says how many are missing", async () => {
    const refused = (found: number) => `refused: ${found} of 2 Elastic Fabric Adapters are to be seen`;
    // No driver in the image: the kernel shows nothing at all.
    const none = await start("efa", "2").ended;
    expect(none).toMatchObject({ code: 1, output: expect.stringContaining(refused(0)) as string });
    devices("efa", "mlx5_core");
    expect((await start("efa", "2").ended).output).toContain(refused(1));
    devices("efa", "efa", "efa");
    expect((await start("efa", "2").ended).output).toContain(refused(3));
    devices("efa", "mlx5_core", "efa");
    expect(await start("efa", "2").ended).toEqual({ code: 0, output: "" });
    rmSync(join(root, "dev/infiniband/uverbs2"));
    expect((await start("efa", "2").ended).output).toContain(refused(1));
  });

  it.each([
    { holds: "nothing", blkid: 2, code: 0, formatted: 1, mounted: 1 },
    { holds: "a file system", blkid: 0, code: 0, formatted: 0, mounted: 1 },
    { holds: "several signatures", blkid: 8, code: 8, formatted: 0, mounted: 0 },
  ])("formats a data volume that is new: this one holds $holds", async ({ blkid, code, formatted, mounted }) => {
    metadata["meta-data/tags/instance/holdfast:data-volume"] = "vol-0123456789abcdef0";
    for (const name of ["mount", "mkfs.xfs"]) command(name, "true");
    command("mountpoint", "false");
    command("blkid", `exit ${blkid}`);
    // The volume is still with the host before this one, twice.
    command("aws", '[ "$(grep -c "^aws" "$HOLDFAST_ROOT/calls")" -gt 2 ]');
    const device = join(root, "dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_vol0123456789abcdef0");
    command("udevadm", `mkdir -p "$(dirname ${device})"; touch ${device}`);
    const path = join(root, "data");
    const ended = await start("data-volume", path, "root:root").ended;
    expect(ended.code).toBe(code);
    expect(calls("aws")).toEqual(
      Array(3).fill(
        "aws ec2 attach-volume --volume-id vol-0123456789abcdef0 --instance-id i-0123456789abcdef0 --device /dev/sdf",
      ),
    );
    expect(calls("mkfs.xfs")).toEqual(Array(formatted).fill(`mkfs.xfs -q ${device}`));
    expect(calls("mount")).toEqual(Array(mounted).fill(`mount -o noatime,nodev,nosuid ${device} ${path}`));
  });

  it("pulls each image that is not there, with a login for its registry", async () => {
    const [image] = spec.images;
    command("docker", '[ "$1" != login ] || cat >/dev/null; [ "$1 $2" != "image inspect" ]');
    command("aws", "echo password");
    const { code, output } = await start("pull-images").ended;
    expect(output).toBe("");
    expect(code).toBe(0);
    expect(calls("docker")).toEqual([
      `docker image inspect ${image}`,
      "docker login --username AWS --password-stdin 111122223333.dkr.ecr.eu-central-1.amazonaws.com",
      `docker pull --quiet ${image}`,
    ]);
  });
});

function place(root: string, { path, content, mode = "0644" }: HostFile): void {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  rmSync(file, { force: true });
  writeFileSync(file, content);
  chmodSync(file, Number.parseInt(mode, 8));
}

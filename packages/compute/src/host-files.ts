import type { HostFile } from "@holdfast/core";
import { efaScript } from "./efa-script";
import {
  dataVolumeScript,
  imagesScript,
  instanceStoreScript,
  journalScript,
  lifecycleScript,
  prepareScript,
  startServicesScript,
} from "./host-scripts";

const library = "/usr/local/lib/holdfast";

export interface HostFilesSpec {
  /** Units of the services, in starting order. */
  readonly services: readonly string[];
  readonly secrets: readonly { readonly name: string; readonly owner: string }[];
  readonly drainSeconds: number;
  /** Empty: every service is active. */
  readonly readyCommand: string;
  /** Container images by digest. */
  readonly images: readonly string[];
  readonly dataVolume?: { readonly mountPath: string; readonly owner: string } | undefined;
  /** Where the instance store is mounted, on types that have one. */
  readonly instanceStorePath?: string | undefined;
  /** Elastic Fabric Adapters that the services find on the host; 0 where it has none. @default 0 */
  readonly efaDevices?: number | undefined;
}

/** The files that every host of a pool gets besides those of its services: scripts, their units, and the lists they read. */
export function hostFiles(spec: HostFilesSpec): HostFile[] {
  const { services, secrets, images, dataVolume, instanceStorePath, efaDevices = 0 } = spec;
  const steps: HostStep[] = [
    {
      unit: "holdfast-prepare",
      script: "prepare",
      text: prepareScript,
      what: "Parameters and secrets of this host",
      first: true,
    },
    ...(instanceStorePath === undefined
      ? []
      : [
          {
            unit: "holdfast-instance-store",
            script: "instance-store",
            text: instanceStoreScript,
            args: ` ${instanceStorePath}`,
            what: "Local disks",
            first: true,
            after: "dlami-nvme.service",
          },
        ]),
    ...(efaDevices === 0
      ? []
      : [
          {
            unit: "holdfast-efa",
            script: "efa",
            text: efaScript,
            args: ` ${efaDevices}`,
            what: "Elastic Fabric Adapters",
            first: true,
          },
        ]),
    ...(dataVolume === undefined
      ? []
      : [
          {
            unit: "holdfast-data-volume",
            script: "data-volume",
            text: dataVolumeScript,
            args: ` ${dataVolume.mountPath} ${dataVolume.owner}`,
            what: "Data volume",
            first: true,
          },
        ]),
    ...(images.length === 0
      ? []
      : [
          {
            unit: "holdfast-images",
            script: "pull-images",
            text: imagesScript,
            what: "Container images of the services",
            first: true,
            after: "docker.service podman.service",
          },
        ]),
    {
      unit: "holdfast-lifecycle",
      script: "lifecycle",
      text: lifecycleScript,
      what: "Answers to the Auto Scaling group",
      first: false,
    },
    {
      unit: "holdfast-journal",
      script: "ship-journal",
      text: journalScript,
      what: "Journal to CloudWatch Logs",
      first: false,
    },
  ];
  const units = steps.map((step) => `${step.unit}.service`);
  return [
    ...steps.flatMap((step) => stepFiles(step, services)),
    ...(efaDevices === 0 ? [] : services.filter((unit) => unit.endsWith(".service")).map(lockedMemory)),
    { path: `${library}/start-services`, content: startServicesScript, reader: "shell", mode: "0755" },
    { path: "/etc/holdfast/units", content: lines([...units, ...services]), reader: "text" },
    // The host is ready when all of these are active.
    {
      path: "/etc/holdfast/services",
      content: lines([...(efaDevices === 0 ? [] : ["holdfast-efa.service"]), ...services]),
      reader: "text",
    },
    {
      path: "/etc/holdfast/secrets",
      content: lines(secrets.map(({ name, owner }) => `${name} ${owner}`)),
      reader: "text",
    },
    { path: "/etc/holdfast/images", content: lines(images), reader: "text" },
    {
      path: "/etc/holdfast/lifecycle",
      content: `DRAIN_SECONDS=${spec.drainSeconds}\nREADY_COMMAND=${quoted(spec.readyCommand)}\n`,
      reader: "text",
    },
  ];
}

interface HostStep {
  readonly unit: string;
  readonly script: string;
  readonly text: string;
  readonly args?: string;
  readonly what: string;
  /** Done once, before the services start; else runs beside them. */
  readonly first: boolean;
  readonly after?: string;
}

function stepFiles(
  { unit, script, text, args = "", what, first, after = "" }: HostStep,
  services: readonly string[],
): HostFile[] {
  const order = `network-online.target ${after}`.trim();
  const start = first
    ? ["Type=oneshot", "RemainAfterExit=yes", "Restart=on-failure", "RestartSec=10"]
    : ["Type=simple", "Restart=on-failure", "RestartSec=10"];
  const content = [
    "[Unit]",
    `Description=${what}`,
    "Wants=network-online.target",
    `After=${order}`,
    ...(first && services.length > 0 ? [`Before=${services.join(" ")}`] : []),
    "",
    "[Service]",
    ...start,
    `ExecStart=${library}/${script}${args}`,
    // Services whose start failed with this unit's are started when it comes through after all.
    ...(first ? [`ExecStartPost=${library}/start-services`] : []),
    "",
    "[Install]",
    "WantedBy=multi-user.target",
    ...(first && services.length > 0 ? [`RequiredBy=${services.join(" ")}`] : []),
    "",
  ].join("\n");
  return [
    { path: `${library}/${script}`, content: text, reader: "shell", mode: "0755" },
    { path: `/etc/systemd/system/${unit}.service`, content, reader: "systemd" },
  ];
}

/** Adapters read and write memory that stays where it is: a service that uses them locks all of it. */
function lockedMemory(service: string): HostFile {
  const path = `/etc/systemd/system/${service}.d/holdfast-efa.conf`;
  return { path, content: "[Service]\nLimitMEMLOCK=infinity\n", reader: "text" };
}

function lines(items: readonly string[]): string {
  return items.map((item) => `${item}\n`).join("");
}

/** A word that a shell takes as it is. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

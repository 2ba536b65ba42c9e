/** The program that will read a deployed text, and so the one that must accept it before it is shipped. */
export const artefactReaders = [
  "haproxy",
  "prometheus-config",
  "prometheus-rules",
  "prometheus-tests",
  "alertmanager",
  "blackbox-exporter",
  "grafana-dashboard",
  "grafana-provisioning",
  "cloud-init",
  "systemd",
  "shell",
  "json",
  "yaml",
  "text",
] as const;
export type ArtefactReader = (typeof artefactReaders)[number];

/**
 * A text that ends up on a host. Its content is known at plan time: what only the cloud knows (bucket names, ARNs) reaches
 * the host as parameters, never by interpolation, so that what was checked is byte for byte what is deployed.
 */
export interface HostFile {
  /** Absolute path on the host. */
  readonly path: string;
  readonly content: string;
  /** Who reads it. Decides which real program checks it. */
  readonly reader: ArtefactReader;
  /** Octal permission bits. @default "0644" */
  readonly mode?: string;
  /** Owner and group as `user:group`. @default "root:root" */
  readonly owner?: string;
}

import type { HostFile } from "@holdfast/core";
import { places } from "./places";

/**
 * Tells the monitoring which manifest the model sync has verified on this host. The sync leaves a mark per model whose text is the
 * SHA-256 of the manifest (`@holdfast/storage`), and keeps its marks in memory, so a mark always belongs to this boot.
 */
export const fingerprintScript = `#!/bin/bash
# Writes llm_model_manifest_info for the node exporter, one line per verified model.
set -euo pipefail
root=\${HOLDFAST_ROOT:-}
folder=$root${places.textfiles}
install -d -m 0755 "$folder"
lines=
shopt -s nullglob
for mark in "$root"/run/holdfast/models/*.verified; do
  sha256=$(<"$mark")
  [[ $sha256 =~ ^[0-9a-f]{64}$ ]] || { echo "fingerprint: $mark holds no SHA-256" >&2; continue; }
  lines+="llm_model_manifest_info{sha256=\\"$sha256\\"} 1"$'\\n'
done
umask 022
{
  echo "# HELP llm_model_manifest_info Manifest that the model sync has verified since this host started."
  echo "# TYPE llm_model_manifest_info gauge"
  printf %s "$lines"
} >"$folder/fingerprint.prom.new"
mv -f "$folder/fingerprint.prom.new" "$folder/fingerprint.prom"
`;

export function fingerprintUnits(): HostFile[] {
  const service = `[Unit]
Description=Holdfast: fingerprint of the model on this host

[Service]
Type=oneshot
ExecStart=${places.scripts}/fingerprint
NoNewPrivileges=yes
CapabilityBoundingSet=
ProtectSystem=strict
ReadWritePaths=${places.textfiles}
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
PrivateNetwork=yes
`;
  const timer = `[Unit]
Description=Holdfast: fingerprint of the model on this host, every minute

[Timer]
OnActiveSec=30
OnUnitActiveSec=60
AccuracySec=5

[Install]
WantedBy=timers.target
`;
  return [
    { path: `${places.units}/holdfast-fingerprint.service`, content: service, reader: "systemd" },
    { path: `${places.units}/holdfast-fingerprint.timer`, content: timer, reader: "systemd" },
  ];
}

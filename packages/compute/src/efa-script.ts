/** Runs at every boot before the services: an image without the driver, or a host that lost a card, must not count as ready. */
export const efaScript = String.raw`#!/bin/bash
# Fails unless this host has its Elastic Fabric Adapters: efa COUNT
set -euo pipefail
root=$(printenv HOLDFAST_ROOT || true)

found=0
for verbs in "$root"/sys/class/infiniband_verbs/uverbs*; do
  driver=$(readlink "$verbs/device/driver" || true)
  if [ "$(basename "$driver")" = efa ] && [ -e "$root/dev/infiniband/$(basename "$verbs")" ]; then found=$((found + 1)); fi
done
if [ "$found" -ne "$1" ]; then
  echo "refused: $found of $1 Elastic Fabric Adapters are to be seen; the image must bring the EFA driver, and the launch template their interfaces" >&2
  exit 1
fi
`;

/**
 * Runs once, at the first boot, from user data. Nothing is installed unless every file has the hash that the launch template
 * names. `HOLDFAST_ROOT` is empty on a host; tests point it elsewhere.
 */
export const bootstrapScript = String.raw`#!/bin/bash
# Fetches this host's files, checks each against the manifest, puts them in place and starts the services.
# shellcheck disable=SC2154 # root is set by instance-data
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "$0")/instance-data"

staging=$(mktemp -d)
trap 'rm -rf "$staging"' EXIT
pool=$(cat "$root/etc/holdfast/pool")
bucket=$(persist tag holdfast:config-bucket)

fetch() {
  aws s3api get-object --bucket "$bucket" --key "$1" "$2" >/dev/null
}

number=0
while read -r sha256 mode owner path; do
  number=$((number + 1))
  persist fetch "hosts/$pool$path/$sha256" "$staging/$number"
  if ! echo "$sha256  $staging/$number" | sha256sum --check --status; then
    echo "refused: $path is not the file that the launch template names; nothing was installed" >&2
    exit 1
  fi
done <"$root/etc/holdfast/manifest"

# Users come first: other files may belong to them.
place() {
  number=0
  while read -r sha256 mode owner path; do
    number=$((number + 1))
    case $path in
      /etc/sysusers.d/*) [ "$1" = users ] || continue ;;
      *) [ "$1" = others ] || continue ;;
    esac
    install -D -m "$mode" -o "$(cut -d: -f1 <<<"$owner")" -g "$(cut -d: -f2 <<<"$owner")" "$staging/$number" "$root$path"
  done <"$root/etc/holdfast/manifest"
}
place users
systemd-sysusers
place others
systemd-tmpfiles --create
systemctl daemon-reload

# Not waited for: the units order themselves, and the lifecycle unit finds out when the host is ready.
while read -r unit; do
  systemctl enable "$unit"
  systemctl start --no-block "$unit"
done <"$root/etc/holdfast/units"
`;

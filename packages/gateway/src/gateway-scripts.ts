import { gatewayRuntime, gatewaySecrets, gatewayUser, peerNumbers, secretsDirectory } from "./gateway-places";
import type { CheckedHaproxySpec } from "./haproxy-spec";

/** Makes HAProxy's secret tables from the secrets of the host. Runs as root before every start and reload; its output never names a key. */
export function prepareScript({ fleets, program }: CheckedHaproxySpec): string {
  return `#!/bin/sh
# Makes the gateway's secret tables in memory. A line it cannot use stops it, so a reload keeps what is in force.
set -eu
umask 077
secrets="\${HOLDFAST_SECRETS:-${secretsDirectory}}"
runtime="\${HOLDFAST_RUNTIME:-${gatewayRuntime}}"
owner="\${HOLDFAST_OWNER:-${gatewayUser}:${gatewayUser}}"

fail() {
  echo "gateway: $1" >&2
  exit 1
}

# Lines: <sha256 of the key> <key reference> [<last day, YYYY-MM-DD>]
keys() {
  number=0
  while read -r hash ref last rest || [ -n "$hash" ]; do
    number=$((number + 1))
    case $hash in '' | '#'*) continue ;; esac
    case $hash in *[!0-9A-Fa-f]*) fail "API keys, line $number: the first word must be a SHA-256 in hexadecimal, not a key" ;; esac
    [ "\${#hash}" -eq 64 ] || fail "API keys, line $number: the first word must be a SHA-256 in hexadecimal (64 characters), not a key"
    case $ref in '' | *[!a-z0-9-]*) fail "API keys, line $number: the second word must name the key in lower-case letters, digits and hyphens" ;; esac
    [ -z "\${rest:-}" ] || fail "API keys, line $number: more than three words"
    end=9999999999
    if [ -n "\${last:-}" ]; then
      case $last in
        [0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]) ;;
        *) fail "API keys, line $number: the last day must be written YYYY-MM-DD" ;;
      esac
      end=$(date -u -d "$last 23:59:59" +%s 2>/dev/null) || fail "API keys, line $number: no such day"
    fi
    printf '%s %s|%s\\n' "$(printf %s "$hash" | tr a-f A-F)" "$ref" "$end"
  done <"$secrets/${gatewaySecrets.apiKeys}"
}

engine_key() {
  file="$secrets/$2"
  [ -s "$file" ] || fail "the engine key of fleet $1 is missing"
  key=$(cat "$file")
  case $key in *[!A-Za-z0-9._~+/=-]*) fail "the engine key of fleet $1 must be one word of letters, digits and ._~+/=-" ;; esac
  printf '%s %s\\n' "$1" "$key"
}

engine_ca() {
  grep -q 'BEGIN CERTIFICATE' "$secrets/$1" 2>/dev/null || fail "the CA of the engines of $2 is missing ($1)"
}

place() {
  chown "$owner" "$runtime/$1.new"
  chmod 0400 "$runtime/$1.new"
  mv -f "$runtime/$1.new" "$runtime/$1"
}

[ -r "$secrets/${gatewaySecrets.apiKeys}" ] || fail "the secret of API keys is missing"
keys >"$runtime/keys.map.new"
[ -z "$(cut -d ' ' -f 1 "$runtime/keys.map.new" | sort | uniq -d)" ] || fail "API keys: the same key stands in two lines"
{
${fleets.map((fleet) => `  engine_key ${fleet.fleetName} ${gatewaySecrets.engineKey(fleet.fleetName)}`).join("\n")}
} >"$runtime/engine-keys.map.new"
${[...engineCas(fleets)].map(([file, names]) => `engine_ca ${file} '${names.join(", ")}'\n`).join("")}[ -e "$runtime/state.map" ] || : >"$runtime/state.map.new"
place keys.map
place engine-keys.map
if [ -e "$runtime/state.map.new" ]; then place state.map; fi
${program.kind === "container" ? containerUser : ""}if [ ! -e "$runtime/peers.cfg" ]; then
  printf 'global\\n  setenv HOLDFAST_SELF 127.0.0.1\\n' >"$runtime/peers.cfg.new"
  place peers.cfg
fi
`;
}

/** The files with engines' CAs, each with the names of the fleets that it is for. */
function engineCas(fleets: CheckedHaproxySpec["fleets"]): ReadonlyMap<string, readonly string[]> {
  const files = new Map<string, string[]>();
  for (const fleet of fleets.filter(({ tls }) => tls)) {
    const file = gatewaySecrets.engineCa(fleet);
    files.set(file, [...(files.get(file) ?? []), fleet.fleetName]);
  }
  return files;
}

/** A container knows no user of the host by name. */
const containerUser = `printf 'GATEWAY_USER=%s:%s\\n' "$(id -u "\${owner%%:*}")" "$(id -g "\${owner%%:*}")" >"$runtime/container.env"
`;

/** Finds the other gateway hosts, so that limits hold over all of them. Needs nothing but a description of the own group's instances. */
export function peersScript({ hosts }: CheckedHaproxySpec): string {
  const numbers = peerNumbers(hosts);
  return `#!/bin/sh
# Writes the addresses of all gateway hosts for HAProxy, and reloads it when they have changed.
set -eu
umask 077
mode=\${1:-}
runtime="\${HOLDFAST_RUNTIME:-${gatewayRuntime}}"
owner="\${HOLDFAST_OWNER:-${gatewayUser}:${gatewayUser}}"
metadata="\${HOLDFAST_METADATA:-http://169.254.169.254}/latest"
token=$(curl -sS -f -m 2 -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' "$metadata/api/token")
fact() { curl -sS -f -m 2 -H "X-aws-ec2-metadata-token: $token" "$metadata/meta-data/$1"; }
self=$(fact local-ipv4)
group=$(fact tags/instance/aws:autoscaling:groupName)
addresses=$(aws ec2 describe-instances --region "$(fact placement/region)" --output text \\
  --filters "Name=tag:aws:autoscaling:groupName,Values=$group" Name=instance-state-name,Values=running \\
  --query 'Reservations[].Instances[].PrivateIpAddress')
others=$(printf '%s\\n' "$addresses" | tr '\\t' '\\n' | grep -v -x -F "$self" | sort -u || true)
{
  printf 'global\\n  setenv HOLDFAST_SELF %s\\n  setenv HOLDFAST_PEER_ADDRESS %s\\n' "$self" "$self"
  # shellcheck disable=SC2086 # one word per address
  set -- $others
  for number in ${numbers.join(" ")}; do
    printf '  setenv HOLDFAST_PEER_%s %s\\n' "$number" "\${1:-none}"
    [ $# -eq 0 ] || shift
  done
} >"$runtime/peers.cfg.new"
if cmp -s "$runtime/peers.cfg" "$runtime/peers.cfg.new"; then
  rm "$runtime/peers.cfg.new"
  exit 0
fi
chown "$owner" "$runtime/peers.cfg.new"
mv -f "$runtime/peers.cfg.new" "$runtime/peers.cfg"
if [ "$mode" != quiet ] && systemctl is-active --quiet holdfast-gateway.service; then
  systemctl reload holdfast-gateway.service
fi
`;
}

/** Fetches the secrets again, so that a revoked key or a new certificate is in force without a rollout. */
export const refreshScript = `#!/bin/sh
# Fetches the host's secrets and reloads HAProxy when one has changed. A secret that cannot be used leaves everything as it is.
set -eu
secrets="\${HOLDFAST_SECRETS:-${secretsDirectory}}"
fetch="\${HOLDFAST_FETCH:-/usr/local/lib/holdfast/prepare}"
state() { (cd "$secrets" && sha256sum ./*); }
before=$(state)
"$fetch"
if [ "$before" != "$(state)" ]; then
  echo 'gateway: a secret has changed'
  systemctl reload holdfast-gateway.service
fi
`;

/** Takes a host out: first the balancer's check fails and new connections stop, then running answers end. */
export function drainScript(settleSeconds: number): string {
  return `#!/bin/sh
# Run when the host is told to go.
set -eu
runtime="\${HOLDFAST_RUNTIME:-${gatewayRuntime}}"
if systemctl is-active --quiet holdfast-gateway.service; then
  echo 'draining yes' >"$runtime/state.map"
  systemctl reload holdfast-gateway.service
  sleep ${settleSeconds}
  systemctl stop holdfast-gateway.service
fi
`;
}

/** Stops a start with a plain reason when the machine image's HAProxy cannot read this configuration. */
export const programScript = `#!/bin/sh
# HAProxy 2.6.12 or newer, with Lua and the Prometheus exporter.
set -eu
about=$(haproxy -vv 2>/dev/null) || {
  echo 'gateway: no haproxy on this machine image; bring 2.6.12 or newer, or run it from a container image' >&2
  exit 1
}
version=$(printf '%s\\n' "$about" | sed -n 's/^HAProxy version \\([0-9.]*\\).*/\\1/p' | head -n 1)
oldest=$(printf '%s\\n2.6.12\\n' "$version" | sort -V | head -n 1)
if [ "$oldest" != 2.6.12 ]; then
  echo "gateway: haproxy $version is too old; 2.6.12 or newer is needed" >&2
  exit 1
fi
for feature in LUA PROMEX OPENSSL; do
  case $about in
    *" +$feature"*) ;;
    *"USE_$feature=1"*) ;;
    *)
      echo "gateway: haproxy $version was built without $feature" >&2
      exit 1
      ;;
  esac
done
`;

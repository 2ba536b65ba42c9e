import { engineTls } from "./vllm";

/** Names of the engines' secrets, as files under `/run/holdfast/secrets`. */
export const engineSecrets = {
  /** The key that callers present. */
  key: "engine-key",
  /** Certificate chain and private key, PEM in one file. */
  certificate: "engine-certificate",
  /** The CA that signed it, PEM. */
  ca: "engine-ca",
} as const;

/**
 * What prepares a host for engines and starts one. Plain texts without a value in them: what differs between fleets comes from
 * `/etc/holdfast/engine/fleet.env`. `HOLDFAST_ROOT` and `HOLDFAST_IMDS` are empty on a host; tests point them elsewhere.
 */

/** Learns the host's address and gives containers GPUs by name and a network that leads nowhere. */
export const hostScript = `#!/usr/bin/env bash
# Prepares this host for engines: its own address, GPUs for containers, a network for them.
set -euo pipefail
root=\${HOLDFAST_ROOT:-}
metadata=\${HOLDFAST_IMDS:-http://169.254.169.254/latest}

imds() {
  local token
  token=$(curl -fsS -m 5 --retry 5 --retry-connrefused -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' "$metadata/api/token")
  curl -fsS -m 5 --retry 5 -H "X-aws-ec2-metadata-token: $token" "$metadata/meta-data/$1"
}

address=$(imds local-ipv4)
instance=$(imds instance-id)
install -d -m 0755 "$root/run/holdfast/fleet" "$root/run/holdfast/fleet/ready"
printf 'HOST_ADDRESS=%s\\nHOST_INSTANCE=%s\\n' "$address" "$instance" >"$root/run/holdfast/fleet/host.env"

# The container runtime reads this description when it starts a container: no hook that loses GPUs when systemd reloads.
install -d -m 0755 "$root/etc/cdi"
nvidia-ctk cdi generate --output="$root/etc/cdi/nvidia.yaml"
# Its own settings it reads only when it starts itself.
if [[ $root/etc/docker/daemon.json -nt $root/run/docker.pid ]]; then systemctl restart docker.service; fi

# Without masquerading, packets that a container sends by itself keep an address that the VPC drops: answers leave, nothing else.
# The addresses are those set aside for benchmarks (RFC 2544), which no network in use holds.
if ! docker network inspect holdfast >/dev/null 2>&1; then
  docker network create --driver bridge --subnet 198.18.0.0/24 \\
    --opt com.docker.network.bridge.name=holdfast0 \\
    --opt com.docker.network.bridge.enable_icc=false \\
    --opt com.docker.network.bridge.enable_ip_masquerade=false holdfast
fi
`;

/** Gives the engines the certificate they show. Run before an engine starts, and again whenever the secrets were fetched. */
export const certificateScript = `#!/usr/bin/env bash
# Hands the engines of this host their certificate. One that callers would refuse is not handed over: what is in force stays.
set -euo pipefail
root=\${HOLDFAST_ROOT:-}
: "\${ENGINE_TLS_NAME:?}"
secrets=$root/run/holdfast/secrets
folder=$root${engineTls.host}
user=\${ENGINE_USER:-10001}

refuse() {
  printf 'engine-certificate: REFUSED: %s\\n' "$1" >&2
  exit 78
}

for name in ${engineSecrets.certificate} ${engineSecrets.ca}; do
  [[ -s $secrets/$name ]] || refuse "the secret $name is missing or empty"
done
shown=$(openssl x509 -in "$secrets/${engineSecrets.certificate}" -noout -pubkey 2>/dev/null) || refuse "${engineSecrets.certificate} holds no certificate"
held=$(openssl pkey -in "$secrets/${engineSecrets.certificate}" -pubout 2>/dev/null) || refuse "${engineSecrets.certificate} holds no private key"
[[ $shown == "$held" ]] || refuse "the private key in ${engineSecrets.certificate} is not that of its first certificate"
why=$(openssl verify -CAfile "$secrets/${engineSecrets.ca}" -untrusted "$secrets/${engineSecrets.certificate}" \\
  -verify_hostname "$ENGINE_TLS_NAME" "$secrets/${engineSecrets.certificate}" 2>&1) ||
  refuse "${engineSecrets.certificate} is not valid for $ENGINE_TLS_NAME under ${engineSecrets.ca}: $(grep -o 'error [0-9].*' <<<"$why" | head -n 1)"

install -d -m 0750 -o root -g "$user" "$folder"
[[ -e $folder/${engineTls.file} ]] || install -m 0440 -o root -g "$user" /dev/null "$folder/${engineTls.file}"
# Into the file itself, not a new one in its place: the engine watches this one and takes what is new without a restart.
cmp -s "$secrets/${engineSecrets.certificate}" "$folder/${engineTls.file}" || cat "$secrets/${engineSecrets.certificate}" >"$folder/${engineTls.file}"
`;

/** Starts one engine in the foreground: what its unit runs. */
export const runScript = `#!/usr/bin/env bash
# Runs one engine of this host in the foreground: engine-run SLOT
set -euo pipefail
slot=$1
root=\${HOLDFAST_ROOT:-}
: "\${ENGINE_IMAGE:?}" "\${ENGINE_PROGRAM:?}" "\${ENGINE_KEY_VARIABLE:?}" "\${ENGINE_FIRST_PORT:?}" "\${ENGINE_GPUS:?}" "\${ENGINE_SHM:?}"
: "\${HOST_ADDRESS:?}" "\${MODEL_ROOT:?}" "\${MODEL_NAME:?}" "\${MODEL_VERSION:?}"

# The key goes from one file in memory to others there, never through an argument.
secrets=$root/run/holdfast/secrets
IFS= read -r key <"$secrets/engine-key"
if [[ ! $key =~ ^[A-Za-z0-9._~+/=-]{20,}$ ]]; then
  printf 'engine-run: REFUSED: the engine key must be at least 20 characters of A-Z a-z 0-9 . _ ~ + / = -\\n' >&2
  exit 78
fi
umask 077
printf '%s=%s\\n' "$ENGINE_KEY_VARIABLE" "$key" >"$secrets/.engine-$slot.env"
mv -f -- "$secrets/.engine-$slot.env" "$secrets/engine-$slot.env"
printf 'Authorization: Bearer %s\\n' "$key" >"$secrets/.engine-$slot.header"
mv -f -- "$secrets/.engine-$slot.header" "$secrets/engine-$slot.header"

gpus=()
for ((gpu = slot * ENGINE_GPUS; gpu < (slot + 1) * ENGINE_GPUS; gpu++)); do gpus+=(--device "nvidia.com/gpu=$gpu"); done

# Compiled kernels are run unchecked when they are found here, so each engine has a folder of its own that only it can write.
cache=$root/var/cache/holdfast/engine-$slot
install -d -m 0755 "$root/var/cache/holdfast"
install -d -m 0700 -o "\${ENGINE_USER:-10001}" -g "\${ENGINE_USER:-10001}" "$cache"

read_only=(--read-only)
if [[ \${ENGINE_WRITABLE_ROOT:-no} == yes ]]; then read_only=(); fi

tls=()
if [[ -n \${ENGINE_TLS_NAME:-} ]]; then
  "$(dirname "$0")/engine-certificate"
  tls=(--mount "type=bind,source=$root${engineTls.host},target=${engineTls.container},readonly")
fi

mapfile -t arguments <"$root/etc/holdfast/engine/arguments"
docker rm --force "holdfast-engine-$slot" >/dev/null 2>&1 || true
exec docker run --rm --init --name "holdfast-engine-$slot" \\
  --network holdfast --publish "$HOST_ADDRESS:$((ENGINE_FIRST_PORT + slot)):8000" \\
  "\${gpus[@]}" \\
  --user "\${ENGINE_USER:-10001}:\${ENGINE_USER:-10001}" --cap-drop ALL --security-opt no-new-privileges \\
  "\${read_only[@]}" --tmpfs /tmp:rw,exec,nosuid,nodev,size=4g,mode=1777 \\
  --ipc private --shm-size "$ENGINE_SHM" --pids-limit 16384 --ulimit nofile=65536:65536 --ulimit core=0 \\
  --mount "type=bind,source=$MODEL_ROOT/$MODEL_NAME/$MODEL_VERSION,target=/model,readonly" \\
  --mount "type=bind,source=$cache,target=/cache" \\
  "\${tls[@]}" \\
  --env-file "$root/etc/holdfast/engine/environment" --env-file "$secrets/engine-$slot.env" \\
  --log-driver none --pull never \\
  --entrypoint "$ENGINE_PROGRAM" "$ENGINE_IMAGE" "\${arguments[@]}"
`;

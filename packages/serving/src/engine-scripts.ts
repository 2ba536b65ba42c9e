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
  --env-file "$root/etc/holdfast/engine/environment" --env-file "$secrets/engine-$slot.env" \\
  --log-driver none --pull never \\
  --entrypoint "$ENGINE_PROGRAM" "$ENGINE_IMAGE" "\${arguments[@]}"
`;

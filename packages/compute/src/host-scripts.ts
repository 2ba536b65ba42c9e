/** Runs at every boot before the services: `/run` is empty then. */
export const prepareScript = String.raw`#!/bin/bash
# Writes the parameters of this host and fetches its secrets into memory.
# shellcheck disable=SC2154 # root is set by instance-data
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "$0")/instance-data"

directory=$root/run/holdfast
install -d -m 0755 "$directory"
parameters=$(mktemp "$directory/.parameters.XXXXXX")
keys=$(persist imds meta-data/tags/instance)
for key in $(grep '^holdfast:param:' <<<"$keys" || true); do
  value=$(persist tag "$key")
  name=$(cut -d: -f3 <<<"$key")
  case $value in
    *[!A-Za-z0-9+=._:/@,\ -]*) echo "refused: parameter $name has a character that no parameter needs" >&2; exit 1 ;;
  esac
  echo "$name='$value'" >>"$parameters"
done
chmod 0644 "$parameters"
mv "$parameters" "$directory/parameters.env"

install -d -m 0711 "$directory/secrets"
secret() {
  aws secretsmanager get-secret-value --secret-id "$1" --query SecretString --output text >"$2" && [ "$(cat "$2")" != None ]
}
umask 077
[ -s "$root/etc/holdfast/secrets" ] || exit 0

# Which secret is behind which file: a list in the bucket. The launch template has its hash, so no other list will do.
references=$directory/secret-references
sha256=$(persist tag holdfast:secret-references)
named() {
  echo "$sha256  $1" | sha256sum --check --status 2>/dev/null
}
if ! named "$references"; then
  bucket=$(persist tag holdfast:config-bucket)
  list=$(mktemp "$directory/.references.XXXXXX")
  fetch() {
    aws s3api get-object --bucket "$bucket" --key "hosts/$(cat "$root/etc/holdfast/pool")/secret-references/$sha256" "$list" >/dev/null
  }
  persist fetch
  if ! named "$list"; then
    echo "refused: the list of secrets is not the one that the launch template names; none was fetched" >&2
    exit 1
  fi
  mv "$list" "$references"
fi

# Each secret once, whatever the number of its files. Who owns a file is known since the plan.
value=$(mktemp "$directory/.value.XXXXXX")
trap 'rm -f "$value"' EXIT
while read -r arn names; do
  persist secret "$arn" "$value"
  for name in $names; do
    owner=$(awk -v name="$name" '$1 == name { print $2 }' "$root/etc/holdfast/secrets")
    file=$(mktemp "$directory/secrets/.$name.XXXXXX")
    cat "$value" >"$file"
    chmod 0400 "$file"
    chown "$owner" "$file"
    mv "$file" "$directory/secrets/$name"
  done
done <"$references"
`;

/** Tells the group when the host is ready; when it is told to go, lets the host finish its work first. */
export const lifecycleScript = String.raw`#!/bin/bash
# Answers the lifecycle hooks of the Auto Scaling group that this host belongs to.
# shellcheck disable=SC2154 # root is set by instance-data
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "$0")/instance-data"
# shellcheck source=/dev/null
. "$root/etc/holdfast/lifecycle"

instance=$(persist imds meta-data/instance-id)
group=$(persist tag aws:autoscaling:groupName)
launched=$root/var/lib/holdfast/launched
mkdir -p "$(dirname "$launched")"

answer() {
  aws autoscaling complete-lifecycle-action --auto-scaling-group-name "$group" --instance-id "$instance" \
    --lifecycle-hook-name "$1" --lifecycle-action-result CONTINUE
}

ready() {
  local unit
  while read -r unit; do
    systemctl is-active --quiet "$unit" || return 1
  done <"$root/etc/holdfast/services"
  if [ -n "$READY_COMMAND" ]; then timeout 30 bash -c "$READY_COMMAND"; fi
}

drain() {
  local script deadline left
  deadline=$(($(date +%s) + DRAIN_SECONDS))
  for script in "$root"/etc/holdfast/drain.d/*; do
    [ -x "$script" ] || continue
    left=$((deadline - $(date +%s)))
    [ "$left" -gt 0 ] || break
    timeout "$left" "$script" || echo "drain: $script ended with $?" >&2
  done
}

while sleep "$(printenv HOLDFAST_RETRY_SECONDS || echo 5)"; do
  target=$(imds meta-data/autoscaling/target-lifecycle-state 2>/dev/null || true)
  interruption=$(imds meta-data/spot/instance-action 2>/dev/null || true)
  if [ "$target" = Terminated ] || [ -n "$interruption" ]; then
    echo "leaving: target state $target, interruption $interruption"
    drain
    persist answer holdfast-drain || true
    exit 0
  fi
  if [ "$target" = InService ] && [ ! -e "$launched" ] && ready; then
    echo "ready"
    # A host that was in service before it restarted has no open action to answer.
    if said=$(answer holdfast-launch 2>&1) || grep -q 'No active Lifecycle Action' <<<"$said"; then
      touch "$launched"
    else
      echo "$said" >&2
    fi
  fi
done
`;

/** Sends the journal to CloudWatch Logs with nothing but journalctl, awk and the AWS CLI. */
export const journalScript = String.raw`#!/bin/bash
# Sends this host's journal to its log group, in order, each entry once.
# shellcheck disable=SC2154 # root is set by instance-data
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "$0")/instance-data"

group=$(persist tag holdfast:log-group)
stream=$(persist imds meta-data/instance-id)
state=$root/var/lib/holdfast/journal
mkdir -p "$state"
cursor=$state/cursor
batch=$state/batch.json

create() {
  said=$(aws logs create-log-stream --log-group-name "$group" --log-stream-name "$stream" 2>&1) || grep -q ResourceAlreadyExists <<<"$said"
}
persist create

# A request holds at most 10,000 events, 1 MiB (each event counts 26 bytes more) and 24 hours; 1,000 events, 800,000 bytes and 23
# hours are kept to. An entry is one line of JSON without control characters, so only backslash and quote need escaping.
events() {
  journalctl --no-pager --quiet --output=json --output-fields=MESSAGE,PRIORITY,SYSLOG_IDENTIFIER,_SYSTEMD_UNIT "$@" | awk -v next_cursor="$cursor.next" '
    BEGIN { printf "[" }
    match($0, /"__REALTIME_TIMESTAMP" ?: ?"[0-9]+"/) {
      at = substr($0, RSTART, RLENGTH); gsub(/[^0-9]/, "", at); at = substr(at, 1, length(at) - 3)
      match($0, /"__CURSOR" ?: ?"[^"]+"/)
      where = substr($0, RSTART, RLENGTH); sub(/^"__CURSOR" ?: ?"/, "", where); sub(/"$/, "", where)
      line = $0; gsub(/[\\"]/, "\\\\&", line)
      if (count == 0) first = at
      size += length(line) + 26
      if (count >= 1000 || (size > 800000 && count > 0) || at - first > 82800000) exit
      printf "%s{\"timestamp\":%s,\"message\":\"%s\"}", count ? "," : "", at, line
      count++
      print where > next_cursor
    }
    END { printf "]" }'
}

while sleep "$(printenv HOLDFAST_RETRY_SECONDS || echo 10)"; do
  rm -f "$cursor.next"
  if [ -e "$cursor" ]; then events --after-cursor "$(cat "$cursor")"; else events --boot; fi >"$batch" || true
  [ -e "$cursor.next" ] || continue
  if aws logs put-log-events --log-group-name "$group" --log-stream-name "$stream" --log-events "file://$batch" >/dev/null; then
    tail -n 1 "$cursor.next" >"$cursor"
  fi
done
`;

/** Makes one file system of all local NVMe disks of a GPU instance; empty after every stop, so it runs at every boot. */
export const instanceStoreScript = String.raw`#!/bin/bash
# Mounts the instance store: instance-store PATH
set -euo pipefail
path=$1
mkdir -p "$path"
if mountpoint -q "$path"; then exit 0; fi

# The Deep Learning AMIs assemble the disks themselves, under this path.
if mountpoint -q /opt/dlami/nvme; then
  mkdir -p /opt/dlami/nvme/holdfast
  mount --bind /opt/dlami/nvme/holdfast "$path"
  exit 0
fi

# shellcheck disable=SC2046 # device paths have no spaces
set -- $(lsblk --nodeps --noheadings --output PATH,MODEL | awk '/Amazon EC2 NVMe Instance Storage/ { print $1 }')
if [ $# -eq 0 ]; then
  echo "this instance type has local disks, and none is to be seen" >&2
  exit 1
elif [ $# -eq 1 ]; then
  device=$1
else
  device=/dev/md/holdfast
  mdadm --assemble "$device" "$@" 2>/dev/null || mdadm --create "$device" --run --level=0 --raid-devices=$# "$@"
fi
blkid -p "$device" >/dev/null || mkfs.xfs -q "$device"
mount -o noatime "$device" "$path"
`;

/** Attaches and mounts the volume that outlives this host; waits for the host before it to let go. */
export const dataVolumeScript = String.raw`#!/bin/bash
# Mounts the data volume: data-volume PATH OWNER
# shellcheck disable=SC2154 # root is set by instance-data
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "$0")/instance-data"
path=$1
owner=$2
mkdir -p "$path"
if mountpoint -q "$path"; then exit 0; fi

volume=$(persist tag holdfast:data-volume)
instance=$(persist imds meta-data/instance-id)
device=$root/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_$(tr -d - <<<"$volume")

attached() {
  [ -e "$device" ] && return 0
  aws ec2 attach-volume --volume-id "$volume" --instance-id "$instance" --device /dev/sdf >/dev/null || return 1
  udevadm settle --timeout 30
  [ -e "$device" ]
}
persist attached

# Only a volume without any signature is new; mkfs refuses all others besides.
status=0
blkid -p "$device" >/dev/null || status=$?
if [ "$status" -eq 2 ]; then mkfs.xfs -q "$device"; elif [ "$status" -ne 0 ]; then exit "$status"; fi
mount -o noatime,nodev,nosuid "$device" "$path"
chown "$owner" "$path"
`;

/** Pulls the images that the services run, by digest, from private registries of the own account. */
export const imagesScript = String.raw`#!/bin/bash
# Pulls the container images of this host.
# shellcheck disable=SC2154 # root is set by instance-data
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "$0")/instance-data"
runtime=$(command -v docker || command -v podman)
# The login lives in a folder of its own and goes with it; a unit has no home directory to keep it in.
DOCKER_CONFIG=$(mktemp -d)
trap 'rm -rf "$DOCKER_CONFIG"' EXIT
export DOCKER_CONFIG REGISTRY_AUTH_FILE=$DOCKER_CONFIG/auth.json

pull() {
  aws ecr get-login-password | "$runtime" login --username AWS --password-stdin "$1" >/dev/null && "$runtime" pull --quiet "$2"
}
while read -r image; do
  registry=$(cut -d/ -f1 <<<"$image")
  "$runtime" image inspect "$image" >/dev/null 2>&1 || persist pull "$registry" "$image"
done <"$root/etc/holdfast/images"
`;

/** Runs after each step that comes before the services. */
export const startServicesScript = String.raw`#!/bin/bash
# Asks for the services of this host to be started; waits for none.
set -euo pipefail
while read -r unit; do
  systemctl start --no-block "$unit"
done <"$(printenv HOLDFAST_ROOT || true)/etc/holdfast/services"
`;

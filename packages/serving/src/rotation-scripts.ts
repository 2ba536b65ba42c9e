/** How a host enters and leaves the fleet's DNS name. Plain texts without a value in them; see engine-scripts.ts. */

/** Keeps the host's record as its engines are, and on stop takes it out and waits until nobody uses it any more. */
export const rotationScript = `#!/usr/bin/env bash
# Keeps this host in the fleet's DNS name while at least one of its engines is ready.
# Told to stop, it takes the host out, waits until callers must have noticed, and only then ends; engines stop after it.
set -euo pipefail
root=\${HOLDFAST_ROOT:-}
: "\${FLEET_SERVICE:?}" "\${HOST_ADDRESS:?}" "\${HOST_INSTANCE:?}" "\${ROTATION_NOTICE_SECONDS:?}" "\${ROTATION_DEREGISTRATION_SECONDS:?}"
directory=$root/run/holdfast/fleet
mark=$directory/in-rotation
step=\${HOLDFAST_RETRY_SECONDS:-2}

say() { printf 'rotation: %s\\n' "$*"; }

enter() {
  aws servicediscovery register-instance --service-id "$FLEET_SERVICE" --instance-id "$HOST_INSTANCE" \\
    --attributes "AWS_INSTANCE_IPV4=$HOST_ADDRESS" >/dev/null
}

# Prints the operation's id.
leave() {
  aws servicediscovery deregister-instance --service-id "$FLEET_SERVICE" --instance-id "$1" --query OperationId --output text
}

# Waits until the record is gone, at most as long as that can take.
gone() {
  local status end=$((SECONDS + ROTATION_DEREGISTRATION_SECONDS))
  while ((SECONDS < end)); do
    status=$(aws servicediscovery get-operation --operation-id "$1" --query Operation.Status --output text || true)
    case $status in
      SUCCESS) return 0 ;;
      FAIL) return 1 ;;
    esac
    sleep "$step"
  done
  return 1
}

ready() { [[ -n $(find "$directory/ready" -type f -print -quit) ]]; }

stop() {
  trap '' TERM INT
  rm -f -- "$directory/ready"/* "$mark"
  local operation attempt
  for attempt in 1 2 3 4 5; do
    if operation=$(leave "$HOST_INSTANCE"); then
      gone "$operation" || say "the record may outlive this host for a while" >&2
      break
    fi
    say "deregistering failed, attempt $attempt" >&2
    sleep "$step"
  done
  say "out of the name; serving for $ROTATION_NOTICE_SECONDS s more"
  sleep "$ROTATION_NOTICE_SECONDS"
  exit 0
}
trap stop TERM INT

# A host that died without a word leaves its record behind, and a name has room for eight. Whoever is left cleans up: a
# registered instance that no group knows any more is gone.
sweep() {
  local registered known instance
  registered=$(aws servicediscovery list-instances --service-id "$FLEET_SERVICE" --query 'Instances[].Id' --output text) || return 0
  [[ -n $registered && $registered != None ]] || return 0
  # shellcheck disable=SC2086
  known=$(aws autoscaling describe-auto-scaling-instances --instance-ids $registered --query 'AutoScalingInstances[].InstanceId' --output text) || return 0
  # Without this host in the answer, the answer says nothing about the others.
  [[ " \${known//[[:space:]]/ } " == *" $HOST_INSTANCE "* ]] || return 0
  for instance in $registered; do
    if [[ " \${known//[[:space:]]/ } " != *" $instance "* ]]; then
      say "removing $instance, which is gone"
      leave "$instance" >/dev/null || true
    fi
  done
}

nap() {
  sleep "$1" &
  wait $! || true
}

swept=-\${ROTATION_SWEEP_SECONDS:-300}
while true; do
  if ready && [[ ! -e $mark ]]; then
    if enter; then
      touch "$mark"
      say "in the name as $HOST_ADDRESS"
    else
      say "registering failed" >&2
    fi
  elif ! ready && [[ -e $mark ]]; then
    if leave "$HOST_INSTANCE" >/dev/null; then
      rm -f -- "$mark"
      say "no engine is ready; out of the name"
    fi
  fi
  if [[ -e $mark ]] && ((SECONDS - swept >= \${ROTATION_SWEEP_SECONDS:-300})); then
    sweep
    swept=$SECONDS
  fi
  nap "$step"
done
`;

/** What the host's drain runs. */
export const drainScript = `#!/usr/bin/env bash
# Out of the name first, then the engines, each with the time its answers need: the units know how long.
set -euo pipefail
systemctl stop holdfast-rotation.service 'holdfast-engine-watchdog@*.service' 'holdfast-engine@*.service'
`;

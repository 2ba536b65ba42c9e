import { engineSecrets } from "./engine-scripts";

/** How a host finds out whether its engines work. Plain texts without a value in them; see engine-scripts.ts. */

/** Shell lines that set `url` and `trust`, the way to engine `$slot`: by its own name, as callers reach it, where it speaks TLS. */
const address = `port=$((ENGINE_FIRST_PORT + slot))
url=http://$HOST_ADDRESS:$port
trust=()
if [[ -n \${ENGINE_TLS_NAME:-} ]]; then
  url=https://$ENGINE_TLS_NAME:$port
  trust=(--cacert "$root/run/holdfast/secrets/${engineSecrets.ca}" --resolve "$ENGINE_TLS_NAME:$port:$HOST_ADDRESS")
fi`;

/**
 * One real piece of work. An engine that hangs answers /health with 200, and one whose key is wrong answers it too, so nothing less
 * than an inference counts.
 */
export const checkScript = `#!/usr/bin/env bash
# Asks one engine of this host for one token: engine-check SLOT SECONDS
# Exit codes: 0 it answered, 1 it did not, 2 it is alive and too busy, 3 it refuses the request (a wrong key or name).
set -euo pipefail
slot=$1
limit=$2
root=\${HOLDFAST_ROOT:-}
: "\${HOST_ADDRESS:?}" "\${ENGINE_FIRST_PORT:?}" "\${ENGINE_CHECK_PATH:?}"
${address}

# The body of the answer is thrown away: it is generated text.
status=$(curl --silent "\${trust[@]}" --output /dev/null --write-out '%{http_code}' --max-time "$limit" \\
  --header "@$root/run/holdfast/secrets/engine-$slot.header" --header 'Content-Type: application/json' \\
  --data-binary "@$root/etc/holdfast/engine/check.json" \\
  "$url$ENGINE_CHECK_PATH") || true
case $status in
  200) exit 0 ;;
  429 | 503) exit 2 ;;
  400 | 401 | 403 | 404 | 422)
    printf 'engine-check: engine %s answers %s: wrong key, name or request\\n' "$slot" "$status" >&2
    exit 3
    ;;
  000 | '') printf 'engine-check: engine %s did not answer within %s s\\n' "$slot" "$limit" >&2 ;;
  *) printf 'engine-check: engine %s answers %s\\n' "$slot" "$status" >&2 ;;
esac
exit 1
`;

/** Holds the unit's start back until the engine has produced a token. */
export const readyScript = `#!/usr/bin/env bash
# Waits until one engine of this host has answered a real request, then marks it ready: engine-ready SLOT
set -euo pipefail
slot=$1
root=\${HOLDFAST_ROOT:-}
here=$(dirname "$0")
until "$here/engine-check" "$slot" "\${ENGINE_CHECK_SECONDS:-20}" 2>/dev/null; do sleep "\${HOLDFAST_RETRY_SECONDS:-5}"; done
printf 'engine-ready: engine %s answers\\n' "$slot"
touch "$root/run/holdfast/fleet/ready/$slot"
`;

/**
 * Ends an engine that hangs, so that its unit starts it again. A busy engine is not a hung one: as long as its token counters move, or
 * it says that it is full, it is left alone.
 */
export const watchdogScript = `#!/usr/bin/env bash
# Watches one engine of this host: engine-watchdog SLOT
set -euo pipefail
slot=$1
root=\${HOLDFAST_ROOT:-}
here=$(dirname "$0")
: "\${HOST_ADDRESS:?}" "\${ENGINE_FIRST_PORT:?}"
${address}

# The sum of everything an engine counts while it works; empty when it does not answer.
progress() {
  curl --silent --fail --max-time 5 "\${trust[@]}" "$url/metrics" |
    awk '/^vllm:(prompt_tokens_total|generation_tokens_total|request_success_total|iteration_tokens_total_count)[{ ]/ { sum += $NF }
      END { printf "%.0f", sum }' || true
}

failures=0
before=$(progress)
while sleep "\${ENGINE_WATCH_SECONDS:-15}"; do
  result=0
  "$here/engine-check" "$slot" "\${ENGINE_CHECK_SECONDS:-20}" || result=$?
  now=$(progress)
  if ((result != 1)); then
    failures=0
  elif [[ -n $now && $now != "$before" ]]; then
    printf 'engine-watchdog: engine %s is slow and working\\n' "$slot" >&2
    failures=0
  else
    failures=$((failures + 1))
  fi
  before=$now
  if ((failures >= \${ENGINE_WATCH_FAILURES:-3})); then
    printf 'engine-watchdog: engine %s hangs: %s checks without an answer and without progress; ending it\\n' "$slot" "$failures" >&2
    rm -f -- "$root/run/holdfast/fleet/ready/$slot"
    docker kill --signal KILL "holdfast-engine-$slot"
    exit 0
  fi
done
`;

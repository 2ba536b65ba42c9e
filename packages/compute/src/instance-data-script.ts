/** Functions that the host's scripts share. `HOLDFAST_ROOT` and `HOLDFAST_IMDS` are empty on a host; tests point them elsewhere. */
export const instanceDataScript = String.raw`# shellcheck shell=bash disable=SC2034 # the scripts that source this use what it sets
# Reads of the instance metadata service, version 2. Sourced by the other scripts.
root=$(printenv HOLDFAST_ROOT || true)
metadata=$(printenv HOLDFAST_IMDS || echo http://169.254.169.254/latest)

# imds PATH: prints a metadata value; fails where there is none.
imds() {
  local token
  token=$(curl -fsS -m 5 --retry 5 --retry-connrefused -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' "$metadata/api/token") || return
  curl -fsS -m 5 --retry 3 -H "X-aws-ec2-metadata-token: $token" "$metadata/$1"
}

# tag KEY: prints the value of an instance tag.
tag() {
  imds "meta-data/tags/instance/$1"
}

# persist COMMAND...: tries for ten minutes, because endpoints and permissions of a new deployment may arrive after the host.
persist() {
  local attempt
  for attempt in $(seq 60); do
    if "$@"; then return 0; fi
    echo "attempt $attempt failed: $*" >&2
    sleep "$(printenv HOLDFAST_RETRY_SECONDS || echo 10)"
  done
  return 1
}

AWS_DEFAULT_REGION=$(imds meta-data/placement/region)
export AWS_DEFAULT_REGION AWS_PAGER='' AWS_RETRY_MODE=standard
`;

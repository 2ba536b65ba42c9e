/**
 * The script that brings one model version from the store to the host's disk. It is plain text with no value in it: everything that
 * differs between fleets comes from the environment that its unit sets, so every fleet runs the same tested bytes.
 *
 * Exit codes: 0 verified, 75 the store could not be reached (worth another try), 78 refused (another try changes nothing).
 */
export const modelSyncScript = `#!/usr/bin/env bash
# Brings one model version from the store to local disk and verifies it. Nothing may serve a model before this has succeeded.
#
#   MODEL_BUCKET            bucket of the store
#   MODEL_NAME              model id
#   MODEL_VERSION           version of the model
#   MODEL_MANIFEST_SHA256   SHA-256 that the manifest must have; the manifest lists the SHA-256 of every file
#   MODEL_ROOT              folder for models on this host
#   MODEL_STATE             folder for the mark of a verified model; must not outlive the boot
#   MODEL_METRICS           folder where the node exporter picks up text files; nothing is written when it is not there
#   MODEL_FETCH_ATTEMPTS    how often to try the store (5)
set -euo pipefail
umask 022
export LC_ALL=C

: "\${MODEL_BUCKET:?}" "\${MODEL_NAME:?}" "\${MODEL_VERSION:?}" "\${MODEL_MANIFEST_SHA256:?}" "\${MODEL_ROOT:?}" "\${MODEL_STATE:?}"

prefix=models/$MODEL_NAME/$MODEL_VERSION
target=$MODEL_ROOT/$MODEL_NAME/$MODEL_VERSION
staging=$MODEL_ROOT/.staging/$MODEL_NAME/$MODEL_VERSION
mark=$MODEL_STATE/$MODEL_NAME.verified
jobs=$(nproc)

say() { printf 'model-sync: %s\\n' "$*"; }
refuse() {
  printf 'model-sync: REFUSED %s %s: %s\\n' "$MODEL_NAME" "$MODEL_VERSION" "$*" >&2
  exit 78
}

# What an alert watches: 0 from the first moment until every check has passed.
report() {
  local folder=\${MODEL_METRICS:-/nonexistent}
  [[ -d $folder ]] || return 0
  {
    printf '# HELP holdfast_model_verified Whether this host has verified the model it is to serve.\\n'
    printf '# TYPE holdfast_model_verified gauge\\n'
    printf 'holdfast_model_verified{model="%s",version="%s"} %s\\n' "$MODEL_NAME" "$MODEL_VERSION" "$1"
  } >"$folder/model.prom.part" && mv -f -- "$folder/model.prom.part" "$folder/model.prom"
}

# From here on the model counts as unverified until every check has passed.
report 0
install -d -m 0755 "$MODEL_ROOT" "$MODEL_STATE" "$MODEL_ROOT/.staging"
rm -f -- "$mark"
exec 9>"$MODEL_ROOT/.lock"
flock 9

[[ $MODEL_MANIFEST_SHA256 =~ ^[0-9a-f]{64}$ ]] || refuse "MODEL_MANIFEST_SHA256 is not a SHA-256"

work=$(mktemp -d "$MODEL_ROOT/.staging/work.XXXXXXXX")
trap 'rm -rf -- "$work"' EXIT

fetch() {
  local attempt=1 pause=2
  until "$@"; do
    if ((attempt >= \${MODEL_FETCH_ATTEMPTS:-5})); then return 1; fi
    say "attempt $attempt failed, next in $pause s" >&2
    sleep "$pause"
    attempt=$((attempt + 1))
    pause=$((pause * 2))
  done
}

digest() { sha256sum -- "$1" | cut -d ' ' -f 1; }

# 1. The manifest: the copy beside a model that is here already, else the store's. Either way its digest must be the pinned one.
manifest=$work/manifest.json
if [[ -f $target.manifest.json && $(digest "$target.manifest.json") == "$MODEL_MANIFEST_SHA256" ]]; then
  cp -- "$target.manifest.json" "$manifest"
else
  fetch aws s3 cp --only-show-errors "s3://$MODEL_BUCKET/$prefix/manifest.json" "$manifest" || {
    say "the manifest could not be fetched" >&2
    exit 75
  }
  got=$(digest "$manifest")
  [[ $got == "$MODEL_MANIFEST_SHA256" ]] || refuse "the store's manifest has SHA-256 $got, pinned is $MODEL_MANIFEST_SHA256"
fi

# 2. What it says: one line per file, "<sha256> <bytes> <path>".
if ! python3 -I - "$manifest" "$MODEL_NAME" "$MODEL_VERSION" >"$work/files" <<'PYTHON'; then
import json, re, sys

def stop(reason):
    sys.exit("model-sync: manifest: " + reason)

name, model, version = sys.argv[1:4]
try:
    with open(name, encoding="utf-8") as handle:
        manifest = json.load(handle)
    if manifest["schemaVersion"] != 1:
        stop("schemaVersion is not 1")
    if (manifest["model"], manifest["version"]) != (model, version):
        stop("is of %s %s" % (manifest["model"], manifest["version"]))
    approval = manifest["approval"]
    if approval["status"] != "approved" or not approval.get("approvedBy"):
        stop("the version is not approved")
    if approval["approvedBy"] == manifest["provenance"]["createdBy"]:
        stop("approved by the person who brought the files in")
    seen = set()
    for entry in manifest["files"]:
        path, size, sha256 = entry["path"], entry["bytes"], entry["sha256"]
        if not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*", path):
            stop("path %r is not allowed" % path)
        if type(size) is not int or size < 0 or not re.fullmatch(r"[0-9a-f]{64}", sha256):
            stop("size or SHA-256 of %s is malformed" % path)
        if path in seen:
            stop("%s is listed twice" % path)
        seen.add(path)
        print(sha256, size, path)
    if not seen:
        stop("lists no file")
except (ValueError, KeyError, TypeError, AttributeError) as error:
    stop("cannot be read (%s: %s)" % (type(error).__name__, error))
PYTHON
  refuse "the manifest is not usable"
fi
cut -d ' ' -f 2- "$work/files" | sort >"$work/expected"
awk '{ print $1 "  " $3 }' "$work/files" >"$work/sums"
needed=$(awk '{ sum += $2 } END { printf "%d", sum }' "$work/files")

# 3. A folder is the model when it holds exactly the listed files with the listed sizes and contents, and nothing else.
verified() {
  local folder=$1
  find "$folder" -mindepth 1 ! -type f ! -type d -printf 'model-sync: neither file nor folder: %P\\n' | tee "$work/odd" >&2
  [[ ! -s $work/odd ]] || return 1
  find "$folder" -type f -printf '%s %P\\n' | sort >"$work/found"
  if ! cmp -s "$work/expected" "$work/found"; then
    comm -23 "$work/expected" "$work/found" | sed 's/^/model-sync: missing or of another size (bytes, path): /' >&2
    comm -13 "$work/expected" "$work/found" | sed 's/^/model-sync: not as listed (bytes, path): /' >&2
    return 1
  fi
  # One process per processor: a large model is read at the speed of the disk, not of one core.
  # shellcheck disable=SC2016
  (cd "$folder" && xargs -a "$work/sums" -d '\\n' -P "$jobs" -n 1 sh -c \\
    'printf "%s\\n" "$0" | sha256sum --check --strict --status || { printf "model-sync: content differs: %s\\n" "\${0#*  }" >&2; exit 1; }')
}

# Deletes what is not listed or has another size, so that the next fetch brings it again. Files that may be right stay: they are
# most of the bytes.
weed() {
  local folder=$1
  find "$folder" -mindepth 1 ! -type f ! -type d -delete
  find "$folder" -type f -printf '%s %P\\n' | sort | comm -13 "$work/expected" - | cut -d ' ' -f 2- |
    while IFS= read -r path; do rm -f -- "$folder/$path"; done
}

# Deletes what has another content.
weed_by_content() {
  local folder=$1 sum path
  while read -r sum path; do
    if [[ -f $folder/$path && $(digest "$folder/$path") != "$sum" ]]; then rm -f -- "$folder/$path"; fi
  done <"$work/sums"
}

mark_verified() {
  printf '%s\\n' "$MODEL_MANIFEST_SHA256" >"$work/mark"
  mv -f -- "$work/mark" "$mark"
  report 1
  say "verified $MODEL_NAME $MODEL_VERSION: $(wc -l <"$work/files") files, $needed bytes"
}

# 4. Here already, for example after a restart: no store is needed then.
if [[ -d $target ]]; then
  if verified "$target"; then
    mark_verified
    exit 0
  fi
  say "the copy on this host is damaged; fetching what is wrong again" >&2
  chmod -R u+w -- "$target"
  rm -rf -- "$staging"
  install -d -m 0755 "\${staging%/*}"
  mv -T -- "$target" "$staging"
  weed_by_content "$staging"
fi

# 5. Fetch beside the place where engines look, verify there, and move it over in one step.
install -d -m 0755 "$staging"
weed "$staging"
free=$(df --output=avail -B1 "$staging" | tail -n 1)
have=$(du -sb "$staging" | cut -f 1)
((free + have > needed + needed / 50)) || refuse "needs $needed bytes, $free are free under $MODEL_ROOT"

while true; do
  leftovers=$(find "$staging" -type f -print -quit)
  fetch aws s3 sync --only-show-errors "s3://$MODEL_BUCKET/$prefix/files/" "$staging/" || {
    say "the files could not be fetched" >&2
    exit 75
  }
  if verified "$staging"; then break; fi
  rm -rf -- "$staging"
  # Only a fetch from nothing proves that the store is wrong and not what an interrupted fetch left here.
  [[ -n $leftovers ]] || refuse "the files in the store are not those of the manifest"
  install -d -m 0755 "$staging"
done
chmod -R a-w,a+rX -- "$staging"
install -d -m 0755 "\${target%/*}"
cp -- "$manifest" "$target.manifest.json"
# A folder without write permission cannot be renamed by an unprivileged owner.
chmod u+w -- "$staging"
mv -T -- "$staging" "$target"
chmod u-w -- "$target"
sync -f "$target"
ln -s -- "$MODEL_VERSION" "$work/current"
mv -fT -- "$work/current" "\${target%/*}/current"
mark_verified
`;

/**
 * The gate in front of an engine: exits 0 only when this boot has verified exactly the pinned version.
 */
export const modelGateScript = `#!/usr/bin/env bash
# Exits 0 only when the model named by the environment has been verified since this host started.
set -euo pipefail
: "\${MODEL_NAME:?}" "\${MODEL_VERSION:?}" "\${MODEL_MANIFEST_SHA256:?}" "\${MODEL_ROOT:?}" "\${MODEL_STATE:?}"

mark=$MODEL_STATE/$MODEL_NAME.verified
if [[ ! -f $mark ]]; then
  printf 'model-gate: REFUSED: %s %s is not verified\\n' "$MODEL_NAME" "$MODEL_VERSION" >&2
  exit 78
fi
if [[ $(<"$mark") != "$MODEL_MANIFEST_SHA256" || ! -d $MODEL_ROOT/$MODEL_NAME/$MODEL_VERSION ]]; then
  printf 'model-gate: REFUSED: what was verified is not %s %s as pinned\\n' "$MODEL_NAME" "$MODEL_VERSION" >&2
  exit 78
fi
`;

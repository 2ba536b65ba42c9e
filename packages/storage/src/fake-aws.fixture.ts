/** Stands in for the AWS CLI: the two S3 commands of the script, on a folder. `aws-down` beside the store makes it fail. */
export const fakeAws = `#!/usr/bin/env bash
set -eu
echo "$*" >>"$FAKE_S3/calls"
[ ! -e "$FAKE_S3/aws-down" ] || { echo "could not connect" >&2; exit 255; }
local() { printf '%s' "\${1/#s3:\\/\\//$FAKE_S3/}"; }
args=(); for word in "$@"; do case $word in --*) ;; *) args+=("$word") ;; esac; done
from=$(local "\${args[2]}"); to=\${args[3]}
case "\${args[0]} \${args[1]}" in
  "s3 cp") cp "$from" "$to" ;;
  "s3 sync") [ -d "$from" ] || exit 1; (cd "$from" && find . -type f) | while read -r f; do
      if [ ! -f "$to/$f" ] || [ "$(stat -c %s "$from/$f")" != "$(stat -c %s "$to/$f")" ]; then mkdir -p "$(dirname "$to/$f")"; cp "$from/$f" "$to/$f"; fi
    done ;;
  *) echo "unexpected: $*" >&2; exit 99 ;;
esac
`;

import { monitoringSecrets, places, scrapeUser } from "./places";

/**
 * Runs as root before each service. It gives the service its secrets, and turns the password hash into the file that Prometheus'
 * programs take their TLS settings and users from. `HOLDFAST_ROOT` is empty on a host; tests point it elsewhere.
 */
export const prepareScript = `#!/bin/bash
# Hands a service its secrets: prepare SERVICE UID:GID SECRET...
set -euo pipefail
umask 077
root=\${HOLDFAST_ROOT:-}
service=$1 owner=$2
shift 2
secrets=$root${places.secrets}
folder=$root${places.runtime}/$service

stop() {
  echo "prepare $service: $*" >&2
  exit 1
}

install -d -m 0711 "$root${places.runtime}"
install -d -m 0700 -o "\${owner%:*}" -g "\${owner#*:}" "$folder"
certificate=
for name in "$@"; do
  [[ -s $secrets/$name ]] || stop "the secret $name is missing or empty"
  install -m 0400 -o "\${owner%:*}" -g "\${owner#*:}" "$secrets/$name" "$folder/$name"
  case $name in ${monitoringSecrets.certificate} | ${monitoringSecrets.exporterCertificate}) certificate=$name ;; esac
done

# A service that shows a certificate and knows the hash lets nobody in without the password.
if [[ -n $certificate && -f $folder/${monitoringSecrets.scrapePasswordHash} ]]; then
  hash=$(<"$folder/${monitoringSecrets.scrapePasswordHash}")
  [[ $hash =~ ^\\$2[aby]\\$[0-9]{2}\\$[./A-Za-z0-9]{53}$ ]] || stop "${monitoringSecrets.scrapePasswordHash} is not a bcrypt hash"
  cat >"$folder/web.yml.new" <<END
tls_server_config:
  cert_file: $folder/$certificate
  key_file: $folder/$certificate
  min_version: TLS13
basic_auth_users:
  ${scrapeUser}: $hash
END
  chown "$owner" "$folder/web.yml.new"
  chmod 0400 "$folder/web.yml.new"
  mv -f "$folder/web.yml.new" "$folder/web.yml"
fi
`;

#!/bin/bash
# Runs to its end before Postgres starts. Refuses secrets which were left as the example has them or would break the connection
# string, and makes the certificate of the server: /tls holds it with its key, /ca what clients verify it against.
#   prepare.sh          makes the certificate if there is none
#   prepare.sh renew    makes another one; Postgres and its clients must be started anew afterwards
set -euo pipefail

refuse() {
    printf '%s\n' "$@" >&2
    exit 1
}

secret() {
    local name=$1 form=$2 advice=$3
    [[ ${!name:-} != change-me ]] || refuse "$name is still the example's. Put one of your own into .env: $advice"
    [[ ${!name:-} =~ $form ]] || refuse "$name must have the form $form. Put another one into .env: $advice"
}

secret POSTGRES_PASSWORD '^[A-Za-z0-9]{16,}$' 'openssl rand -hex 32'
secret VALKEY_PASSWORD '^[A-Za-z0-9]{16,}$' 'openssl rand -hex 32'
# shellcheck disable=SC2016 # a command to copy
secret ADMIN_KEY '^pm_admin_[A-Za-z0-9]{32,}$' 'echo "pm_admin_$(openssl rand -hex 32)"'

if [ -s /tls/server.crt ] && [ "${1:-}" != renew ]; then
    echo "The certificate of Postgres is there, $(openssl x509 -in /tls/server.crt -noout -enddate)."
    exit
fi

# The authority's key is thrown away: it signs this one certificate.
umask 077
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
days=3650
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days $days -subj "/CN=Planner and Memory, authority of Postgres" \
    -addext keyUsage=critical,keyCertSign -keyout ca.key -out ca.crt
openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=postgres -keyout server.key -out server.csr
# The name clients connect to, and verify.
printf '%s\n' subjectAltName=DNS:postgres extendedKeyUsage=serverAuth >server.ext
openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days $days -extfile server.ext -out server.crt

install -m 0644 ca.crt /ca/ca.crt
install -o postgres -g postgres -m 0600 server.key /tls/server.key
# Last: it is the mark that all is there.
install -o postgres -g postgres -m 0644 server.crt /tls/server.crt
echo "Made the certificate of Postgres, $(openssl x509 -in server.crt -noout -enddate)."

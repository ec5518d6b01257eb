#!/bin/sh
# Makes the secrets the manifests refer to, once: what exists already is left alone. Needs kubectl and openssl.
#   deploy/k8s/segreti.sh [NAMESPACE]
# The clients' secrets belong to the OIDC provider: give them in the environment as INCLUSIONE_CLIENT_SECRET and
# PUNTILUNA_CLIENT_SECRET (and ..._CLIENT_ID if they are not quartieri-inclusione and quartieri-puntiluna).
# With an S3-compatible store of documents: STORE_ACCESS_KEY and STORE_SECRET_KEY, the keys of its bucket.
# In production an operator such as External Secrets may make the same secrets, with the same names and keys, instead.
set -eu
namespace="${1:-quartieri}"

kubectl get namespace "$namespace" >/dev/null 2>&1 || kubectl create namespace "$namespace"

# A letter first: NATS would read a value of digits as a number.
random() { printf 'q%s' "$(openssl rand -hex 24)"; }

# make NAME TYPE KEY=VALUE... ; the values go through files, a command line is visible to other processes.
make() {
  name="$1"; type="$2"; shift 2
  if kubectl --namespace "$namespace" get secret "$name" >/dev/null 2>&1; then return; fi
  folder=$(mktemp -d)
  for pair in "$@"; do printf '%s' "${pair#*=}" > "$folder/${pair%%=*}"; done
  kubectl --namespace "$namespace" create secret generic "$name" --type="$type" --from-file="$folder"
  rm -rf "$folder"
}

for service in bandi laboratori inclusione puntiluna; do
  for role in owner app; do
    make "$service-$role" kubernetes.io/basic-auth "username=${service}_$role" "password=$(random)"
  done
done
make nats-auth Opaque "password=$(random)"
make quartieri-cursor Opaque "key=$(random)"
make puntiluna-signing Opaque "key=$(random)"
make inclusione-iban Opaque "keys=$(random)"
make inclusione-client Opaque "client-id=${INCLUSIONE_CLIENT_ID:-quartieri-inclusione}" \
  "client-secret=${INCLUSIONE_CLIENT_SECRET:?the secret of the client at the OIDC provider}"
make puntiluna-client Opaque "client-id=${PUNTILUNA_CLIENT_ID:-quartieri-puntiluna}" \
  "client-secret=${PUNTILUNA_CLIENT_SECRET:?the secret of the client at the OIDC provider}"
if [ -n "${STORE_ACCESS_KEY:-}" ]; then
  make archivio Opaque "access-key=$STORE_ACCESS_KEY" "secret-key=${STORE_SECRET_KEY:?the secret of the store of documents}"
fi

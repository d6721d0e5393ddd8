#!/bin/sh
# Rolls an overlay out: k8s/roll-out.sh k8s/overlays/production. First everything but the pods, then the migrations,
# and only when all have succeeded the pods. Repeatable; needs kubectl pointed at the cluster.
set -eu

overlay=${1:?Say which overlay: k8s/roll-out.sh k8s/overlays/production}
namespace=${BAZAAR_NAMESPACE:-bazaar}
timeout=${BAZAAR_TIMEOUT:-10m}

say() {
  printf '\n== %s\n' "$*" >&2
}

manifests=$(kubectl kustomize "$overlay")
apply() {
  printf '%s\n' "$manifests" | kubectl apply --filename - --selector "$1"
}

wait_for() {
  for object in $(kubectl get "$1" --namespace "$namespace" --selector "$2" --output name); do
    kubectl rollout status "$object" --namespace "$namespace" --timeout "$timeout"
  done
}

say 'Namespace, network, services, settings and stores'
# A Job cannot be changed, so the last release's makes room.
kubectl delete job --namespace "$namespace" --selector app.kubernetes.io/component=migration --ignore-not-found
apply 'app.kubernetes.io/component notin (server, migration)'
wait_for statefulset app.kubernetes.io/component=store

say 'Migrations, while the old pods serve'
apply app.kubernetes.io/component=migration
if ! kubectl wait job --namespace "$namespace" --selector app.kubernetes.io/component=migration \
  --for condition=complete --timeout "$timeout"; then
  kubectl logs --namespace "$namespace" --selector app.kubernetes.io/component=migration --tail 20 >&2
  say 'A migration failed: the pods stay as they are'
  exit 1
fi

say 'Pods, one by one'
apply app.kubernetes.io/component=server
wait_for deployment app.kubernetes.io/component=server

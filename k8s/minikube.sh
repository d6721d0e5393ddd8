#!/bin/sh
# IAM on two nodes of minikube, as the origin of this project did it. `k8s/minikube.sh up` takes these steps and says
# them; `status` shows where the pods are; `down` removes the cluster. `up --all` runs all four services and the
# shop with their stores in the cluster instead.
#
# Wants docker, minikube, kubectl and bun, and for IAM alone a MySQL on this machine that listens on 0.0.0.0
# (`bind-address = 0.0.0.0`), to which MYSQL_ADMIN leads: "mysql --user=root" unless it is set.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
profile=bazaar
address=192.168.200.200
port=30401
private=$root/.bazaar/minikube

say() {
  printf '\n== %s\n' "$*" >&2
}

# Says a command, then runs it.
step() {
  printf '+ %s\n' "$*" >&2
  "$@"
}

need() {
  for program in "$@"; do
    command -v "$program" >/dev/null 2>&1 || {
      printf 'Cannot go on without %s.\n' "$program" >&2
      exit 1
    }
  done
}

kubectl_here() {
  kubectl --context "$profile" "$@"
}

start_cluster() {
  say 'Two nodes'
  step minikube start --profile "$profile" --nodes 2 --driver docker --static-ip "$address" --addons metrics-server
  kubectl config use-context "$profile"
}

# `eval $(minikube docker-env)` would build on the first node only; what is loaded is on both.
build_image() {
  image=$1
  shift
  say "Image $image, on both nodes"
  step docker build --file "$root/docker/Dockerfile" "$@" --tag "$image" "$root"
  step minikube image load --profile "$profile" "$image"
}
build_services() {
  for service in "$@"; do
    build_image "$service-service:1.0" --build-arg "SERVICE=$service"
  done
}

# Draws the secrets once; they stay as long as the data that they open.
make_secrets() {
  mkdir -p "$private"
  chmod 700 "$private"
  if [ ! -s "$private/secrets.yaml" ]; then
    say 'Secrets, kept in .bazaar/minikube'
    (cd "$root" && bun k8s/make-secrets.ts "$@") >"$private/secrets.yaml.new"
    mv "$private/secrets.yaml.new" "$private/secrets.yaml"
  fi
}

apply_secrets() {
  kubectl_here create namespace bazaar --dry-run=client --output yaml | kubectl_here apply --filename -
  step kubectl --context "$profile" apply --filename "$private/secrets.yaml"
}

up_iam() {
  start_cluster
  build_services iam
  make_secrets --only iam --mysql mysql:3306 --sql "$private/databases.sql"
  apply_secrets
  say 'Database and accounts on this machine'
  # shellcheck disable=SC2086 # a command with its options
  step ${MYSQL_ADMIN:-mysql --user=root} <"$private/databases.sql"
  step "$root/k8s/roll-out.sh" "$root/k8s/overlays/minikube"
  status
  say "IAM answers at http://$address:$port/docs"
  step curl --fail --silent --show-error --retry 10 --retry-all-errors "http://$address:$port/health/ready"
}

up_all() {
  start_cluster
  build_services iam user inventory order
  build_image shop:1.0 --build-arg SERVICE=shop --build-arg FOLDER=shop
  make_secrets
  apply_secrets
  step "$root/k8s/roll-out.sh" "$root/k8s/overlays/minikube-all"
  status
  say 'Open the shop at http://localhost:4000 after: kubectl --namespace bazaar port-forward service/shop-service 4000:80'
}

status() {
  say 'Nodes and pods'
  step kubectl --context "$profile" get nodes --output wide
  step kubectl --context "$profile" get pods --namespace bazaar --output wide
}

down() {
  step minikube delete --profile "$profile"
  rm -rf "$private"
}

case "${1-} ${2-}" in
  'up ')
    need docker minikube kubectl bun curl
    up_iam
    ;;
  'up --all')
    need docker minikube kubectl bun
    up_all
    ;;
  'status ') status ;;
  'down ') down ;;
  *)
    printf 'Usage: k8s/minikube.sh up [--all] | status | down\n' >&2
    exit 2
    ;;
esac

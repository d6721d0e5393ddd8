#!/bin/sh
# Drains one worker node after the other while somebody asks IAM all the time, and fails when a question was not
# answered. k8s/drain.sh URL, where URL leads to IAM from outside, as http://192.168.200.200:30401 in minikube.
# Only the services leave their node: a store of which there is one stays.
set -eu

url=${1:?Say where IAM answers: k8s/drain.sh http://192.168.200.200:30401}
failures=$(mktemp)
running=$(mktemp)

stop() {
  rm -f "$running"
  wait
  rm -f "$failures"
}
trap stop EXIT

ask() {
  while [ -e "$running" ]; do
    curl --fail --silent --show-error --output /dev/null --max-time 10 "$url/health/ready" 2>>"$failures" || true
    sleep 0.05
  done
}

wait_until_all_run() {
  for deployment in $(kubectl get deployment --namespace bazaar --output name); do
    kubectl rollout status "$deployment" --namespace bazaar --timeout 5m
  done
}

for _caller in 1 2 3 4; do ask & done
for node in $(kubectl get nodes --selector '!node-role.kubernetes.io/control-plane' --output name); do
  kubectl drain "$node" --ignore-daemonsets --delete-emptydir-data --timeout 5m \
    --pod-selector app.kubernetes.io/component=server
  wait_until_all_run
  kubectl uncordon "$node"
done
rm -f "$running"
wait
if [ -s "$failures" ]; then
  printf 'Asking failed %s times, for example:\n' "$(wc -l <"$failures")" >&2
  head -n 5 "$failures" >&2
  exit 1
fi
printf 'Every question was answered while every node was drained.\n'

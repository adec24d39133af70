#!/usr/bin/env bash
# Ends the cluster in the folder CLUSTER, however far it got, and removes what it left. Logs stay.
. "$(dirname "$0")/cluster.sh"
for name in $(ip netns list | awk '{ print $1 }' | grep "^$PREFIX-" || true); do
  # Whatever runs in the namespace belongs to the cluster.
  for process in $(ip netns pids "$name"); do kill -KILL "$process" 2>/dev/null || true; done
  ip netns del "$name"
  rm -rf "/etc/netns/$name"
done
rm -rf "$CLUSTER/data" "$CLUSTER/dns"
find "$CLUSTER/pods" -name pid -delete 2>/dev/null || true

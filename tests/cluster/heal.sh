#!/usr/bin/env bash
# Makes the cluster in the folder CLUSTER again what up.sh left: every process runs, every name has its pods, no packet is
# lost or delayed.
. "$(dirname "$0")/cluster.sh"
for pod in "${!OCTET[@]}"; do
  "$SCRIPTS/pod.sh" heal "$pod"
  if is_running "$pod"; then kill -CONT "$(pid "$pod")"; fi
done
# A pod that was started as a spare, or in another way than usual, goes.
for pod in $(cat "$CLUSTER"/unusual 2>/dev/null); do
  if is_running "$pod"; then "$SCRIPTS/pod.sh" kill "$pod"; fi
done
rm -f "$CLUSTER/unusual"
write_members
is_running dns || "$SCRIPTS/pod.sh" start dns
is_running postgres || "$SCRIPTS/pod.sh" start postgres
starts=()
for pod in "${PODS[@]}"; do
  is_running "$pod" || { "$SCRIPTS/pod.sh" start "$pod" & starts+=($!); }
done
for start in "${starts[@]}"; do wait "$start"; done

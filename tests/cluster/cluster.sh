# What the scripts of this folder share: which pods there are, and what can be done to them. Read by them, not run.
#
# CLUSTER is a folder that the caller chooses. Everything of a cluster lies in it or in network namespaces that carry
# its name; two clusters with different folders do not meet.
#   pods/NAME/{pid,address,log}   each process
#   dns/hosts                     what the names resolve to
#   data/postgres                 the database
set -euo pipefail
: "${CLUSTER:?name a folder for the cluster: CLUSTER=DIR}"
mkdir -p "$CLUSTER"
CLUSTER=$(realpath "$CLUSTER")
SCRIPTS=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
REPOSITORY=$(cd "$SCRIPTS/../.." && pwd)
HOSTS=${HOSTS:-$REPOSITORY/services/DiffusionMesh.Cli/bin/Debug/net10.0/hosts}
PREFIX=dm$(printf %s "$CLUSTER" | cksum | cut -d' ' -f1)
PORT=8080

# 198.51.100.0/24 is kept for documentation (RFC 5737): it is nobody's, and no namespace has a route out of it.
NET=198.51.100
declare -A OCTET=(
  [client]=2 [dns]=1 [postgres]=10 [orchestrator-1]=21 [orchestrator-2]=22
  [denoiser-1]=31 [denoiser-2]=32 [denoiser-3]=33 [denoiser-4]=34
  [verifier-1]=41 [verifier-2]=42 [verifier-3]=43
)
# As Npgsql is told.
DATABASE="Host=postgres.mesh;Username=postgres;Database=diffusionmesh"
# Those that serve; denoiser-4 is a spare that nothing runs on.
PODS=(denoiser-{1,2,3} verifier-{1,2,3} orchestrator-{1,2})

fail() { echo "$*" >&2; exit 1; }
namespace() { echo "$PREFIX-$1"; }
address() { echo "$NET.${OCTET[$1]}"; }
within() { local pod=$1; shift; ip netns exec "$(namespace "$pod")" "$@"; }
pid() { cat "$CLUSTER/pods/$1/pid"; }
has_ended() { ! [ -d "/proc/$1" ] || grep -q '^State:.Z' "/proc/$1/status" 2>/dev/null; }
is_running() { [ -s "$CLUSTER/pods/$1/pid" ] && ! has_ended "$(pid "$1")"; }

# A namespace with one address, on the bridge of the namespace "dns", whose own address the bridge carries.
add_namespace() {
  local pod=$1 name; name=$(namespace "$1")
  ip netns add "$name"
  ip -n "$name" link set lo up
  if [ "$pod" = dns ]; then
    ip -n "$name" link add br0 type bridge
    ip -n "$name" addr add "$(address dns)/24" dev br0
    ip -n "$name" link set br0 up
  else
    ip -n "$(namespace dns)" link add "p${OCTET[$pod]}" type veth peer name eth0 netns "$name"
    ip -n "$(namespace dns)" link set "p${OCTET[$pod]}" master br0 up
    ip -n "$name" addr add "$(address "$pod")/24" dev eth0
    ip -n "$name" link set eth0 up
  fi
  mkdir -p "/etc/netns/$name" "$CLUSTER/pods/$pod"
  # `ip netns exec` mounts it over /etc/resolv.conf.
  printf 'nameserver %s\noptions timeout:1 attempts:2\n' "$(address dns)" >"/etc/netns/$name/resolv.conf"
  address "$pod" >"$CLUSTER/pods/$pod/address"
}

# Runs a command as a pod, in a session of its own, on a host of the pod's name; its identifier is known once this returns.
run_pod() {
  local pod=$1 folder="$CLUSTER/pods/$1"; shift
  rm -f "$folder/pid"
  setsid ip netns exec "$(namespace "$pod")" unshare --uts \
    sh -c 'hostname "$1"; echo $$ >"$2.new" && mv "$2.new" "$2"; shift 2; exec "$@"' "$pod" "$pod" "$folder/pid" "$@" >>"$folder/log" 2>&1 </dev/null &
  until [ -s "$folder/pid" ]; do sleep 0.01; done
}

write_members() {
  for pod in postgres "${PODS[@]}"; do echo "${pod%-*} $pod"; done >"$CLUSTER/dns/members"
  write_dns
}

# The names that a headless Service would have, from the pods that dns/members lists.
write_dns() {
  while read -r name pod; do echo "$(address "$pod") $name.mesh"; done <"$CLUSTER/dns/members" >"$CLUSTER/dns/hosts"
  if is_running dns; then kill -HUP "$(pid dns)"; fi
}

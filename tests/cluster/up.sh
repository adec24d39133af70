#!/usr/bin/env bash
# Starts a cluster on this machine: network namespaces on a bridge, a dnsmasq in place of cluster DNS, PostgreSQL,
# 2 orchestrators, 3 denoisers and 3 verifiers, ready when this returns. Needs root, and a built tree
# (dotnet build services/DiffusionMesh.Cli).
#   CLUSTER=DIR tests/cluster/up.sh
# Nothing but these namespaces is ever addressed: they have no route to anywhere else, and none leads to them.
. "$(dirname "$0")/cluster.sh"
[ "$(id -u)" = 0 ] || fail "network namespaces need root"
for tool in ip nft tc dnsmasq setpriv dotnet; do command -v "$tool" >/dev/null || fail "$tool is missing"; done
compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || fail "postgresql is missing"
[ -d "$HOSTS/orchestrator" ] || fail "$HOSTS is missing: build services/DiffusionMesh.Cli, or name its hosts folder: HOSTS=DIR"
"$SCRIPTS/down.sh"

# The database's user has to come through.
chmod 755 "$CLUSTER"
mkdir -p "$CLUSTER/dns" "$CLUSTER/data/models"
ln -s "$REPOSITORY/models/fashion-flow-small" "$CLUSTER/data/models/"
add_namespace dns
for pod in client postgres denoiser-4 "${PODS[@]}"; do add_namespace "$pod"; done
write_members
"$SCRIPTS/pod.sh" start dns

bin=$(echo /usr/lib/postgresql/*/bin)
install -d -o postgres -g postgres -m 700 "$CLUSTER/data/postgres"
setpriv --reuid=postgres --regid=postgres --init-groups "${bin##* }/initdb" -D "$CLUSTER/data/postgres" --auth=trust --no-sync \
  --encoding=UTF8 --locale=C >"$CLUSTER/pods/postgres/log"
echo "host all all $NET.0/24 trust" >>"$CLUSTER/data/postgres/pg_hba.conf"

# Side by side; the orchestrators last, as they ask the others.
starts=()
for pod in denoiser-{1,2,3} verifier-{1,2,3}; do "$SCRIPTS/pod.sh" start "$pod" & starts+=($!); done
"$SCRIPTS/pod.sh" start postgres
within client setpriv --reuid=postgres --regid=postgres --init-groups "${bin##* }/createdb" -h "$(address postgres)" diffusionmesh
(cd "$HOSTS/orchestrator" && within client dotnet DiffusionMesh.Orchestrator.dll migrate --Orchestrator:Database="$DATABASE")
for start in "${starts[@]}"; do wait "$start"; done
starts=()
for pod in orchestrator-{1,2}; do "$SCRIPTS/pod.sh" start "$pod" & starts+=($!); done
for start in "${starts[@]}"; do wait "$start"; done

#!/usr/bin/env bash
# Does something to one pod of the cluster in the folder CLUSTER:
#   pod.sh start POD [NAME=VALUE ...] [-- ARGUMENT ...]   starts its process and waits until it is ready; variables go to
#                                           its environment, arguments after its own
#   pod.sh kill POD | pause POD | go POD    SIGKILL, SIGSTOP, SIGCONT
#   pod.sh stop POD                         SIGTERM, and waits until it has ended
#   pod.sh list POD | unlist POD            adds it to the DNS name of its kind, or takes it off
#   pod.sh drop POD PERCENT                 loses this part of the packets that reach it (100: all)
#   pod.sh mute POD                         loses all that leaves it
#   pod.sh delay POD MILLISECONDS           delays what leaves it: with netem, or on kernels without it by a link so slow
#                                           that 1.5 kB take as long
#   pod.sh heal POD                         ends drop, mute and delay
. "$(dirname "$0")/cluster.sh"
[ $# -ge 2 ] || fail "usage: sed -n 2,14p $0"
verb=$1 pod=$2
[ -n "${OCTET[$pod]:-}" ] || fail "there is no pod '$pod'; known: ${!OCTET[*]}"
shift 2

# Waits for a line of this start in its log.
await() {
  local text=$1 from=$2 until=$((SECONDS + 600))
  while ((SECONDS < until)); do
    if grep -q "$text" <(tail -c "+$((from + 1))" "$CLUSTER/pods/$pod/log"); then return; fi
    is_running "$pod" || { tail -n 20 "$CLUSTER/pods/$pod/log" >&2; fail "$pod ended instead of starting"; }
    sleep 0.05
  done
  tail -n 20 "$CLUSTER/pods/$pod/log" >&2
  fail "$pod was not ready after ten minutes"
}

start_host() {
  local folder=$1 assembly=$2; shift 2
  # Small processes: one collector, no profiling files.
  local environment=(DOTNET_gcServer=0 DOTNET_gcConcurrent=0 DOTNET_EnableDiagnostics=0 DOTNET_TieredPGO=0)
  while [ $# -gt 0 ] && [ "$1" != -- ]; do environment+=("$1"); shift; done
  [ "${1:-}" = -- ] && shift
  cd "$HOSTS/$folder"
  local from; from=$(stat -c %s "$CLUSTER/pods/$pod/log" 2>/dev/null || echo 0)
  run_pod "$pod" env "${environment[@]}" dotnet "$assembly.dll" \
    --urls="http://$(address "$pod"):$PORT" --AnnounceAddress=true --Security:AllowPlaintext=true "$@"
  await '^listening ' "$from"
}

start() {
  ! is_running "$pod" || fail "$pod is running already"
  touch "$CLUSTER/pods/$pod/log"
  local given=("$@")
  [ $# = 0 ] || echo "$pod" >>"$CLUSTER/unusual"
  [[ " $* " = *" -- "* ]] || given+=(--)
  case $pod in
    dns)
      run_pod dns dnsmasq --keep-in-foreground --user=root --no-resolv --no-hosts --local-ttl=1 --local=/mesh/ \
        --addn-hosts="$CLUSTER/dns/hosts" --listen-address="$(address dns)" --bind-interfaces --pid-file= --log-facility=- ;;
    postgres)
      local bin from; bin=$(echo /usr/lib/postgresql/*/bin)
      from=$(stat -c %s "$CLUSTER/pods/postgres/log")
      # Who held it is dead; as nobody reaps it here, its number seems to be taken.
      rm -f "$CLUSTER/data/postgres/postmaster.pid" "$CLUSTER/data/postgres/".s.PGSQL.*
      run_pod postgres setpriv --reuid=postgres --regid=postgres --init-groups "${bin##* }/postgres" -D "$CLUSTER/data/postgres" \
        -c listen_addresses="$(address postgres)" -c unix_socket_directories="$CLUSTER/data/postgres" \
        -c shared_buffers=32MB -c max_connections=60
      await 'ready to accept connections' "$from" ;;
    denoiser-*)
      start_host denoiser DiffusionMesh.Denoiser "${given[@]}" \
        --Models:Path="$CLUSTER/data/models" --Denoiser:Threads=1 --Denoiser:MeasureBatchCurve=false ;;
    verifier-*)
      start_host verifier-clip DiffusionMesh.Verifier.Clip "${given[@]}" --Verifier:Threads=1 ;;
    orchestrator-*)
      # More is lost here than anybody would pay for, and it takes longer until all of a kind are there again.
      start_host orchestrator DiffusionMesh.Orchestrator "${given[@]}" \
        --Orchestrator:Database="$DATABASE" --Orchestrator:MaxWastedPercent=10000 --Orchestrator:RetryAttempts=20 \
        --Orchestrator:Denoiser="dns:///denoiser.mesh:$PORT" \
        --Orchestrator:Verifiers:clip="dns:///verifier.mesh:$PORT" ;;
    *) fail "$pod has no process" ;;
  esac
}

# The process, and those that it started.
await_end() { until has_ended "$1" && [ -z "$(ip netns pids "$(namespace "$pod")")" ]; do sleep 0.02; done; }

lose() {
  within "$pod" nft -f - <<RULES
table ip faults {
  chain $1 {
    type filter hook $1 priority 0
    $2 "lo" accept
    $3
  }
}
RULES
}

case $verb in
  start) start "$@" ;;
  kill) process=$(pid "$pod"); kill -KILL "$process"; await_end "$process" ;;
  stop) process=$(pid "$pod"); kill -TERM "$process"; await_end "$process" ;;
  pause) kill -STOP "$(pid "$pod")" ;;
  go) kill -CONT "$(pid "$pod")" ;;
  list) echo "${pod%-*} $pod" >>"$CLUSTER/dns/members"; sort -u -o "$CLUSTER/dns/members" "$CLUSTER/dns/members"; write_dns ;;
  unlist) sed -i "/ $pod\$/d" "$CLUSTER/dns/members"; write_dns ;;
  drop) lose input iifname "numgen random mod 100 <= $(($1 - 1)) drop" ;;
  mute) lose output oifname drop ;;
  delay)
    within "$pod" tc qdisc replace dev eth0 root netem delay "${1}ms" 2>/dev/null \
      || within "$pod" tc qdisc replace dev eth0 root tbf rate "$((12000000 / $1))bit" burst 1600 latency 60s ;;
  heal)
    within "$pod" nft delete table ip faults 2>/dev/null || true
    within "$pod" tc qdisc del dev eth0 root 2>/dev/null || true ;;
  *) fail "there is no verb '$verb'" ;;
esac

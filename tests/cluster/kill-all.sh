#!/usr/bin/env bash
# Kills an orchestrator at every write to the journal of a search of each algorithm, in a run directory and in PostgreSQL,
# and writes the tables into docs/reliability.md. The moments of a write (before it, in the middle of it, before its fsync,
# after it) take turns. What KILLS_DONE=DIR holds of an earlier run is not done again. About an hour on two idle cores.
root=$(cd "$(dirname "$0")/../.." && pwd)
export KILLS_DONE=${KILLS_DONE:-${TMPDIR:-/tmp}/diffusionmesh-kills-$(git -C "$root" rev-parse --short HEAD)}
KILL_AT_EVERY_WRITE=1 exec "$root/tests/cluster/reliability.sh" --filter "${1:-JournalKillTests}"

#!/usr/bin/env bash
# Kills an orchestrator at every write to the journal of a search of each algorithm: before it, in the middle of it, before
# fsync and after it; a restart must end with the same result. Writes the table into docs/reliability.md.
KILL_AT_EVERY_WRITE=1 exec "$(dirname "$0")/reliability.sh" --filter JournalKillTests

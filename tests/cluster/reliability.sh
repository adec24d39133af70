#!/usr/bin/env bash
# Runs the failure matrix and writes its tables into docs/reliability.md, with the commit. Further arguments go to
# dotnet test, for example: --filter Failures
# TESTS=DLL HOSTS=DIR runs tests and hosts that were built before, for example copies that nothing rebuilds meanwhile.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
document=$root/docs/reliability.md
export RELIABILITY_ROWS=${RELIABILITY_ROWS:-$(mktemp -d)}
commit=$(git -C "$root" rev-parse --short HEAD)
CI=true dotnet test "${TESTS:-$root/tests/DiffusionMesh.Cluster.Tests}" "$@"
for table in "$RELIABILITY_ROWS"/*/; do
  name=$(basename "$table")
  written=$(mktemp)
  awk -v name="$name" -v commit="$commit" -v rows="$(cat "$table"*)" '
    $0 == "<!-- " name " -->" { print; inside = 1; next }
    inside && /^\| ---/ { print; print rows; next }
    $0 == "<!-- /" name " -->" { print "\nRun at commit `" commit "`."; inside = 0 }
    !inside || (inside && /^\|/ && !done[name]++) { print }' "$document" >"$written"
  cat "$written" >"$document"
  rm "$written"
done

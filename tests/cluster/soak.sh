#!/usr/bin/env bash
# Runs four searches at a time on the cluster while pods are killed, paused, delayed and cut off, for so many minutes
# (30 unless told), and writes its tables into docs/reliability.md.
#   tests/cluster/soak.sh [MINUTES]
SOAK_MINUTES=${1:-30} exec "$(dirname "$0")/reliability.sh" --filter SoakTests

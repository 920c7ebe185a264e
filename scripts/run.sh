#!/usr/bin/env bash
# A psql on the demo's server; starts the demo first if it does not run.
cd "$(dirname "$0")/.."
. scripts/demo-server.sh
recall_version
. scripts/setup.sh
[ -e "$DEMO/cluster/data/postmaster.pid" ] || scripts/demo.sh
exec "$PG_BIN/psql" -h 127.0.0.1 -p "$(cat "$DEMO/port")" -U postgres -d postgres

#!/usr/bin/env bash
# Stops the demo's server and replica, and removes their folder.
cd "$(dirname "$0")/.."
. scripts/demo-server.sh
# Nothing to set up where there is nothing to stop.
[ -d "$DEMO" ] || exit 0
recall_version
. scripts/setup.sh
stop_demo

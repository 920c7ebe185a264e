#!/usr/bin/env bash
# Stops the demo's server and replica, and removes their folder.
cd "$(dirname "$0")/.."
. scripts/setup.sh
. scripts/demo-server.sh
stop_demo

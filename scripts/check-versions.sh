#!/usr/bin/env bash
# The compiler's checks for versions of PostgreSQL that may not be at hand: nothing is linked, nothing is run. `make test PG=…`
# does both.
# Arguments: major versions.
cd "$(dirname "$0")/.."
set -euo pipefail
. scripts/without-headers.sh

for version in ${*:-13 14 17}; do
    printf '\033[1m== checking for PostgreSQL %s\033[0m\n' "$version" >&2
    cargo check --lib --no-default-features --features "pg$version"
done

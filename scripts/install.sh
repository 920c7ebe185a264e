#!/usr/bin/env bash
# Builds the extension and installs it into the server that pg_config names. First argument: a cargo profile.
cd "$(dirname "$0")/.."
. scripts/setup.sh

profile=${1:-release}
say "building bat_partners and installing it into PostgreSQL $PG_MAJOR (some minutes the first time)"
sudo_flag=()
[ -w "$("$PG_CONFIG" --pkglibdir)" ] || sudo_flag=(--sudo)
CARGO_TERM_QUIET=true cargo pgrx install --profile "$profile" --pg-config "$PG_CONFIG" "${sudo_flag[@]}" \
    --no-default-features --features "$PG_FEATURE" >&2

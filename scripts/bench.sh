#!/usr/bin/env bash
# The measured figures: parsing alone, then what clients see of the extension. About a quarter of an hour.
# An argument sets how many pages are ingested: scripts/bench.sh 200
cd "$(dirname "$0")/.."
. scripts/setup.sh
# A backtrace in the server's environment would be printed to SQL clients.
unset RUST_BACKTRACE

scripts/install.sh release
say "parsing"
cargo bench --package bat_pages --bench listing
say "the extension"
cargo bench --bench figures --no-default-features --features "$PG_FEATURE" -- "$@"

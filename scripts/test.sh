#!/usr/bin/env bash
# All tests: format, lints, the crates, the extension inside a server, and clients against servers of their own.
cd "$(dirname "$0")/.."
. scripts/setup.sh
# A backtrace in the server's environment would be printed to SQL clients.
unset RUST_BACKTRACE

say "format"
cargo fmt --all --check
say "lints"
cargo clippy --workspace --all-targets --no-default-features --features "$PG_FEATURE pg_test" -- -D warnings
say "the parsers and the replica"
cargo test --package bat_pages --package bat_replica
say "the extension: unit tests, and tests inside a server"
data=$(mktemp -d)
trap 'rm -rf "$data"' EXIT
runas=()
if [ "$(id -un)" != "$SERVER_USER" ]; then
    chown "$SERVER_USER" "$data"
    runas=(--runas "$SERVER_USER")
fi
cargo pgrx test "$PG_FEATURE" "${runas[@]}" --pgdata "$data/pgdata"
scripts/install.sh dev
say "names that a hostile search path could capture"
scripts/pgspot.sh
say "clients against servers of their own"
cargo test --no-default-features --features "$PG_FEATURE" --test client

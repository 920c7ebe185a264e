#!/usr/bin/env bash
# All tests: format, lints, the crates, the extension inside a server, and clients against servers of their own.
# First argument: `server` for those that need a server, `inside` for those inside of one, `upgrade` for those of the upgrade
# scripts.
cd "$(dirname "$0")/.."
. scripts/setup.sh
# A backtrace in the server's environment would be printed to SQL clients.
unset RUST_BACKTRACE

without_server() {
    say "format"
    cargo fmt --all --check
    say "lints"
    cargo clippy --workspace --all-targets --no-default-features --features "$PG_FEATURE pg_test" -- -D warnings
    # Not among the targets above: it is run by name.
    cargo clippy --no-default-features --features "$PG_FEATURE" --test client -- -D warnings
    say "the parsers, the page and the replica"
    cargo test --package bat_pages --package bat_report --package bat_replica
}

inside_a_server() {
    say "the extension on PostgreSQL $PG_MAJOR: unit tests, and tests inside a server"
    local data runas=()
    data=$(mktemp -d)
    # shellcheck disable=SC2064 # the folder of now
    trap "rm -rf '$data'" EXIT
    if [ "$(id -un)" != "$SERVER_USER" ]; then
        chown "$SERVER_USER" "$data"
        runas=(--runas "$SERVER_USER")
    fi
    # The features of this version alone: the default ones are another's.
    cargo pgrx test "$PG_FEATURE" --no-default-features "${runas[@]}" --pgdata "$data/pgdata"
}

# Arguments: a filter for the tests.
clients() {
    say "clients against servers of their own: PostgreSQL $PG_MAJOR"
    [ -e "$("$PG_CONFIG" --pkglibdir)/pg_cron.so" ] || say "there is no pg_cron for it: the tests that need it are skipped, and say so"
    scripts/install.sh dev
    say "names that a hostile search path could capture"
    scripts/pgspot.sh
    # One more than there are cores: most tests wait for much of their time, for a delay to pass or for a server to start.
    RUST_TEST_THREADS=${RUST_TEST_THREADS:-$(($(nproc) + 1))} \
        cargo test --no-default-features --features "$PG_FEATURE" --test client -- "$@"
}

# One a line: in a list with && a failure inside would go unseen.
case ${1:-all} in
    all)
        without_server
        inside_a_server
        clients
        ;;
    server)
        inside_a_server
        clients
        ;;
    inside) inside_a_server ;;
    upgrade) clients upgrade ;;
    *) fail "unknown: $1" ;;
esac

#!/usr/bin/env bash
# The compiler's checks for every version of PostgreSQL that pgrx knows, by the declarations that pgrx brings along for its
# own documentation: nothing is linked and nothing is run. `make test PG=…` does both where there is a server.
cd "$(dirname "$0")/.."
. scripts/setup.sh

# pgrx takes its own declarations, and asks for no server, where its documentation is built.
export DOCS_RS=1
for version in ${*:-13 14 16 17}; do
    say "checking for PostgreSQL $version"
    cargo check --lib --no-default-features --features "pg$version"
done

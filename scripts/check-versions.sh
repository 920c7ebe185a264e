#!/usr/bin/env bash
# The compiler's checks for versions of PostgreSQL that may not be at hand, by the declarations that pgrx brings along for its
# own documentation: nothing is linked, nothing is run. `make test PG=…` does both where there is a server.
# Arguments: major versions.
cd "$(dirname "$0")/.."
set -euo pipefail

target=${CARGO_TARGET_DIR:-target}/check-versions
mkdir -p "$target"
# pgrx takes these declarations where it is built for docs.rs: told by DOCS_RS to its build script and by a cfg to the
# compiler, for this crate alone.
cat >"$target/rustc" <<'WRAPPER'
#!/bin/sh
rustc=$1
shift
case " $* " in
    *" --crate-name pgrx_pg_sys "*) exec "$rustc" "$@" --cfg docsrs ;;
    *) exec "$rustc" "$@" ;;
esac
WRAPPER
chmod +x "$target/rustc"
RUSTC_WRAPPER=$(realpath "$target/rustc")
export RUSTC_WRAPPER DOCS_RS=1 CARGO_TARGET_DIR=$target

for version in ${*:-13 14 17}; do
    printf '\033[1m== checking for PostgreSQL %s\033[0m\n' "$version" >&2
    cargo check --lib --no-default-features --features "pg$version"
done

#!/usr/bin/env bash
# Writes the schema of this version into sql/bat_partners--<version>.sql, which later versions upgrade from. The tests tell
# when it has to be done again; once a version is released its file stays as it is.
cd "$(dirname "$0")/.."
. scripts/setup.sh

version=$(cargo metadata --no-deps --format-version 1 | grep -oE '"name":"bat_partners","version":"[^"]+"' | cut -d'"' -f8)
file=sql/bat_partners--$version.sql
if git rev-parse --quiet --verify "refs/tags/v$version" >/dev/null; then
    fail "version $version is released, as the tag v$version says: give Cargo.toml a new one"
fi
fresh=$(mktemp)
trap 'rm -f "$fresh"' EXIT
cargo pgrx schema "$PG_FEATURE" --no-default-features --features "$PG_FEATURE" --out "$fresh" >&2
# Without the places in the source that pgrx notes: they change with every line that is added above.
sed -E '/^-- [a-z_\/]+\.rs:[0-9]+$/d' "$fresh" >"$file"
say "$file is the schema of version $version"

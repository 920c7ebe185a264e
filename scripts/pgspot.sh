#!/usr/bin/env bash
# Looks for names in the installed script that a hostile search path could capture, by pgspot. Each finding is mended, or
# listed with its reason in scripts/pgspot-allowed.txt; what is listed and no longer found must go from there.
cd "$(dirname "$0")/.."
. scripts/setup.sh
install_pgspot

version=$(sed -nE 's/^version = "(.*)"$/\1/p' Cargo.toml | head -1)
script=${1:-$("$PG_CONFIG" --sharedir)/extension/bat_partners--$version.sql}
[ -e "$script" ] || fail "there is no $script: scripts/install.sh makes it"

found=$(mktemp -d)
trap 'rm -rf "$found"' EXIT
# It ends with 1 where it finds something; what counts is that it came to its summary.
pgspot "$script" >"$found/report" 2>&1 || true
grep -q '^ *Errors: [0-9]* Warnings: [0-9]* Unknown: 0 *$' "$found/report" ||
    fail "pgspot did not understand $script: $(tail -5 "$found/report")"

sed -nE 's/^(PS[0-9]+: .*) at line [0-9]+$/\1/p' "$found/report" | LC_ALL=C sort -u >"$found/findings"
grep -v -e '^#' -e '^$' scripts/pgspot-allowed.txt | LC_ALL=C sort -u >"$found/allowed"
new=$(LC_ALL=C comm -23 "$found/findings" "$found/allowed")
stale=$(LC_ALL=C comm -13 "$found/findings" "$found/allowed")
[ -z "$new" ] || printf 'found, and not allowed:\n%s\n' "$new" >&2
[ -z "$stale" ] || printf 'allowed, and no longer found:\n%s\n' "$stale" >&2
[ -z "$new$stale" ] || exit 1
say "pgspot: nothing but the $(wc -l <"$found/allowed") findings that are explained"

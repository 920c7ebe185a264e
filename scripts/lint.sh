#!/usr/bin/env bash
# The dependencies: their licences, where they come from, and known vulnerabilities. deny.toml has the rules.
cd "$(dirname "$0")/.."
. scripts/setup.sh
install_cargo_deny

say "licences, bans, sources"
cargo deny --offline check licenses bans sources
say "advisories"
# The database of known vulnerabilities is a repository of its own, which a machine without the internet cannot have.
if cargo deny fetch db; then
    cargo deny check --disable-fetch advisories
else
    say "NOT CHECKED: known vulnerabilities. The database of RustSec could not be had; all else was checked"
fi

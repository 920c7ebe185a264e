#!/usr/bin/env bash
# Shows the page of bat_report to a real browser. Installs chromium (about 300 MB), which `make test` does without.
cd "$(dirname "$0")/.."
. scripts/setup.sh
unset RUST_BACKTRACE

command -v chromium >/dev/null || install_packages chromium
scripts/install.sh dev
cargo test --no-default-features --features "$PG_FEATURE" --test client -- --nocapture a_browser_shows

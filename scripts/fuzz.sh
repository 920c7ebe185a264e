#!/usr/bin/env bash
# Fuzzes every parser for a while: FUZZ_SECONDS each (20), one after the other. Arguments: names of some of them.
#
# What is found stays in crates/pages/fuzz/artifacts/<parser>; so does the corpus in crates/pages/fuzz/corpus/<parser>.
cd "$(dirname "$0")/.."
set -euo pipefail

FUZZ_VERSION=0.13.2
SECONDS_EACH=${FUZZ_SECONDS:-20}
CACHE=${BAT_PARTNERS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/bat_partners}
FUZZ=$PWD/crates/pages/fuzz

say() { printf '\033[1m== %s\033[0m\n' "$*" >&2; }
fail() { printf '%s\n' "$*" >&2; exit 1; }

command -v cargo >/dev/null || fail "a Rust toolchain is needed: see https://rustup.rs"
command -v c++ >/dev/null || fail "a C++ compiler is needed for libFuzzer: apt-get install build-essential"

root=$CACHE/cargo-fuzz-$FUZZ_VERSION
export PATH=$root/bin:$PATH
if [ ! -x "$root/bin/cargo-fuzz" ]; then
    say "installing cargo-fuzz $FUZZ_VERSION into $root (about a minute, once)"
    (cd / && CARGO_TARGET_DIR=$root/target cargo install --quiet --locked --debug \
        cargo-fuzz --version "=$FUZZ_VERSION" --root "$root")
    rm -rf "$root/target"
fi

# cargo-fuzz asks for a nightly compiler, for the flags that count which code a page reaches. The project's own stable
# one knows them too. Without a sanitizer: the parsers have no unsafe code, and run twice as fast.
export RUSTC_BOOTSTRAP=1
fuzz() { (cd crates/pages && cargo fuzz "$@"); }
flags=(--sanitizer none --release --debug-assertions)

say "building (some minutes the first time)"
fuzz build "${flags[@]}" parser

say "pages to start from"
seeds=$FUZZ/corpus/seeds
mkdir -p "$seeds"
find crates/pages/tests -name '*.html' -exec cp -t "$seeds" {} +
cargo run --quiet --package bat_replica --example seeds -- "$seeds"

parsers=("$@")
# Each line of the table is `    "name" => …`.
[ ${#parsers[@]} -gt 0 ] || mapfile -t parsers < <(
    sed -nE 's/^    "([a-z_]+)" => .*/\1/p' crates/pages/tests/every_parser/parsers.rs
)
broken=()
for parser in "${parsers[@]}"; do
    say "$parser, for $SECONDS_EACH s"
    mkdir -p "$FUZZ/corpus/$parser" "$FUZZ/artifacts/$parser"
    PARSER=$parser fuzz run "${flags[@]}" parser "$FUZZ/corpus/$parser" "$seeds" -- \
        -max_total_time="$SECONDS_EACH" -timeout=10 -rss_limit_mb=1024 -max_len=65536 -print_final_stats=1 \
        -dict="$FUZZ/pages.dict" -artifact_prefix="$FUZZ/artifacts/$parser/" || broken+=("$parser")
done
[ ${#broken[@]} = 0 ] || fail "found something: ${broken[*]}; see $FUZZ/artifacts"

#!/usr/bin/env bash
# Installs the Debian package into a clean Debian 12, without Rust, and works with it there; takes it away again.
#
# The clean system is a folder made by debootstrap from the mirror that this machine's own apt uses. Only root can enter it
# (chroot). All that runs in it and all that is mounted for it lives in namespaces of their own and ends with this script.
# Of this machine it uses the package and, through loopback, the replica of the site.
cd "$(dirname "$0")/.."
export PG=${PG:-15}
. scripts/setup.sh
. scripts/clean-debian.sh

[ "$PG_MAJOR" = 15 ] || fail "Debian 12 has PostgreSQL 15: there is nothing there that a package for $PG_MAJOR could use"
require_namespaces
install_debootstrap
package=$(scripts/package.sh deb)
say "building the replica of the site"
cargo build --quiet --package bat_replica
replica=${CARGO_TARGET_DIR:-target}/debug/bat_replica

CLEAN=$(as_root mktemp -d /var/tmp/bat_partners-clean.XXXXXX)
own=$(mktemp -d)
tidy() {
    if [ -e "$own/pid" ]; then kill "$(cat "$own/pid")" 2>/dev/null || true; fi
    rm -rf "$own"
    as_root rm -rf --one-file-system "$CLEAN"
}
trap tidy EXIT
make_clean_debian

say "starting the replica: 6 partners, 40 listings"
"$replica" --partners 6 --listings 40 --rel-next >"$own/out" 2>"$own/err" </dev/null &
echo $! >"$own/pid"
for _ in $(seq 600); do
    grep -qs 'listening on' "$own/out" && break
    kill -0 "$(cat "$own/pid")" 2>/dev/null || fail "the replica did not start: $(cat "$own/err")"
    sleep 0.1
done
base_url=$(sed -nE 's/.*(http:\/\/[0-9.:]+).*/\1/p' "$own/out" | head -1)

as_root mkdir "$CLEAN/opt/test"
as_root cp "$package" "$CLEAN/opt/test/package.deb"
as_root cp scripts/in-clean-debian.sh scripts/in-clean-debian.sql "$CLEAN/opt/test"
as_root cp crates/pages/tests/listing_pages/modern.html "$CLEAN/opt/test/listing.html"
in_clean_debian bash /opt/test/in-clean-debian.sh "$PG_MAJOR" "$base_url"
say "the package works on a clean Debian 12, and leaves nothing behind"

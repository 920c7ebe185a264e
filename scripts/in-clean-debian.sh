#!/usr/bin/env bash
# Run by test-package.sh inside of the clean Debian, as root. Arguments: the major version, the replica's URL.
set -euo pipefail
cd /opt/test

VERSION=$1
BASE_URL=$2
NAME=postgresql-$VERSION-bat-partners
BIN=/usr/lib/postgresql/$VERSION/bin
SERVER=/var/tmp/server

say() { printf '\033[1m== %s\033[0m\n' "$*" >&2; }
fail() { printf '%s\n' "$*" >&2; exit 1; }
as_postgres() { (cd / && runuser -u postgres -- "$@"); }
sql() {
    as_postgres "$BIN/psql" --no-psqlrc --quiet --no-align --tuples-only --set ON_ERROR_STOP=1 -h "$SERVER" -d postgres "$@"
}

say "installing the package by apt, with what it depends on"
apt-get update -qq
apt-get install -y -qq --no-install-recommends ./package.deb >/tmp/apt.log 2>&1 || { tail -20 /tmp/apt.log >&2; exit 1; }
for program in rustc cargo cc; do
    ! command -v "$program" >/dev/null || fail "there is $program: this is no clean system"
done
dpkg --verify "$NAME"
foreign=$(dpkg -L "$NAME" | xargs stat --format '%U:%G %n' | grep -v '^root:root ' || true)
[ -z "$foreign" ] || fail "not root's: $foreign"
files=$(dpkg -L "$NAME" | while read -r file; do [ -d "$file" ] || echo "$file"; done)

say "starting a server in it, at a socket only"
install -d -o postgres -g postgres -m 700 "$SERVER"
as_postgres "$BIN/initdb" -D "$SERVER/data" -A trust -E UTF8 --locale C.UTF-8 --no-sync >/dev/null
cat >>"$SERVER/data/postgresql.conf" <<SETTINGS
listen_addresses = ''
unix_socket_directories = '$SERVER'
fsync = off
bat_partners.base_url = '$BASE_URL'
bat_partners.allow_private_addresses = on
bat_partners.request_delay = 0
SETTINGS
as_postgres "$BIN/pg_ctl" -w -D "$SERVER/data" -l "$SERVER/log" start >/dev/null || { cat "$SERVER/log" >&2; exit 1; }

say "first calls, and an ingest from the replica"
sql --set page="$(cat listing.html)" -f - <in-clean-debian.sql

say "taking it away"
as_postgres "$BIN/pg_ctl" -w -m fast -D "$SERVER/data" stop >/dev/null
apt-get purge -y -qq "$NAME" >/dev/null
for file in $files; do
    [ ! -e "$file" ] || fail "it is still there: $file"
done
left=$(find /usr /etc /var/lib -xdev \( -name '*bat_partners*' -o -name '*bat-partners*' \) -not -path '/usr/share/doc/*/changelog*')
[ -z "$left" ] || fail "left behind: $left"

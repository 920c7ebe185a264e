#!/usr/bin/env bash
# The same job with other tools, side by side: fetch listing pages from the replica, parse them, store them.
# An argument sets how many pages: scripts/bench-peers.sh 1000. See benches/peers/README.md.
cd "$(dirname "$0")/.."
. scripts/setup.sh
. scripts/demo-server.sh
unset RUST_BACKTRACE
PAGES=${1:-500}
ROUNDS=3
PEERS=$PWD/benches/peers
DEMO=$(mktemp -d)
chmod a+rx "$DEMO"
trap stop_demo EXIT

scripts/install.sh release
cargo build --quiet --release --package bat_replica
python_of_peers() { echo "$CACHE/peers/venv/bin/python"; }
if ! cmp -s "$PEERS/requirements.txt" "$CACHE/peers/requirements.txt"; then
    say "installing the Python peers into $CACHE/peers"
    python3 -c 'import ensurepip, venv' 2>/dev/null || install_packages python3-venv
    mkdir -p "$CACHE/peers"
    python3 -m venv "$CACHE/peers/venv"
    "$CACHE/peers/venv/bin/pip" install --quiet --disable-pip-version-check -r "$PEERS/requirements.txt" >&2
    cp "$PEERS/requirements.txt" "$CACHE/peers/"
fi
command -v npm >/dev/null || install_packages nodejs npm
if ! cmp -s "$PEERS/package.json" "$CACHE/peers/node/package.json"; then
    say "installing the Node peer into $CACHE/peers/node"
    mkdir -p "$CACHE/peers/node"
    cp "$PEERS/package.json" "$CACHE/peers/node/"
    (cd "$CACHE/peers/node" && npm install --silent --no-audit --no-fund >&2)
fi
# Node looks for packages beside the script.
cp "$PEERS/cheerio_peer.mjs" "$CACHE/peers/node/"

say "starting the replica and a private PostgreSQL $PG_MAJOR server"
target=${CARGO_TARGET_DIR:-target}
nohup "$target/release/bat_replica" --partners 83 --listings $((PAGES * 2 + 20)) \
    >"$DEMO/replica.out" 2>"$DEMO/replica.err" </dev/null &
echo $! >"$DEMO/replica.pid"
base_url=$(await_replica)
start_server "$base_url"
demo_psql -c 'CREATE EXTENSION bat_partners' -c 'SELECT bat_index_partners()' -f "$PEERS/schema.sql" >/dev/null
DSN="postgresql://peer@127.0.0.1:$(cat "$DEMO/port")/postgres"

# The listings whose pages are there and of today's form, which is all that the peers read. Asked for once, so that the
# replica has rendered them.
python3 - "$base_url" "$PAGES" >"$DEMO/urls" <<'PYTHON'
import json, sys, urllib.request
from urllib.parse import urlsplit
base, pages = sys.argv[1], int(sys.argv[2])
listings = json.load(urllib.request.urlopen(base + "/_replica/truth/listings"))
urls = [l["url"] for l in listings if not l["replica"]["gone"] and l["replica"]["markup"] == "Current"][:pages]
assert len(urls) == pages, "the replica has too few listings"
for url in urls:
    request = urllib.request.Request(base + urlsplit(url).path, headers={"Accept-Encoding": "gzip"})
    urllib.request.urlopen(request).read()
print("\n".join(urls))
PYTHON

extension() {
    demo_psql -c "TRUNCATE bat_listings, vehicles, organization_vehicles, bat_pages CASCADE" \
        -c "DELETE FROM bat_tasks" -c "CREATE TEMPORARY TABLE urls (url text)" -c "\\copy urls FROM '$DEMO/urls'" \
        -c "SELECT count(bat_enqueue('listing', url)) FROM urls" >/dev/null
    printf '%s\n' "SET client_min_messages = warning;" "SELECT extract(epoch FROM clock_timestamp()) AS started \\gset" \
        "CALL bat_work(max_seconds => NULL, kinds => '{listing}') \\g /dev/null" \
        "SELECT round(extract(epoch FROM clock_timestamp()) - :started, 3);" |
        demo_psql --tuples-only --no-align
}
peer() {
    demo_psql -c "TRUNCATE peer_listings"
    (cd "$PEERS" && "$@" "$base_url" "$DSN" <"$DEMO/urls")
}
scrapy() { peer "$(python_of_peers)" scrapy_peer.py; }
aiohttp() { peer "$(python_of_peers)" aiohttp_peer.py; }
cheerio() { peer node "$CACHE/peers/node/cheerio_peer.mjs"; }

for name in extension aiohttp scrapy cheerio; do
    for round in $(seq "$ROUNDS"); do
        say "$name, $PAGES pages, round $round of $ROUNDS"
        $name >>"$DEMO/$name.seconds"
    done
    [ $name = extension ] || say "$name stored: $(demo_psql --tuples-only --no-align -f "$PEERS/check.sql")"
done

printf '\n%s pages, medians of %s rounds\n' "$PAGES" "$ROUNDS"
printf '%-40s %10s\n' tool 'pages/s'
describe() { printf '%-40s %10s\n' "$2" "$(sort -n "$DEMO/$1.seconds" | sed -n "$(((ROUNDS + 1) / 2))p" | awk -v n="$PAGES" '{ printf "%.0f", n / $1 }')"; }
describe extension 'bat_partners, archive on'
describe aiohttp 'aiohttp + selectolax + asyncpg'
describe scrapy 'Scrapy + psycopg'
describe cheerio 'Node + cheerio + pg'

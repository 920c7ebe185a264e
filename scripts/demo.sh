#!/usr/bin/env bash
# Shows the extension at work: a private PostgreSQL server, a look-alike of the site on loopback, one ingest.
# Leaves both running; says how to connect and how to stop.
cd "$(dirname "$0")/.."
. scripts/setup.sh
. scripts/demo-server.sh
unset RUST_BACKTRACE

scripts/install.sh release
say "building the replica of the site"
cargo build --quiet --release --package bat_replica

stop_demo
say "starting the replica: 83 partners, 1500 listings of its own invention"
mkdir -p "$(dirname "$DEMO")"
# Not one that somebody else has made meanwhile.
mkdir "$DEMO"
remember_version
saved=()
if [ -d ../shared/bat/pages ]; then saved=(--pages ../shared/bat/pages); fi
target=${CARGO_TARGET_DIR:-target}
nohup "$target/release/bat_replica" --partners 83 --listings 1500 --site-base hosts --rel-next "${saved[@]}" \
    >"$DEMO/replica.out" 2>"$DEMO/replica.err" </dev/null &
echo $! >"$DEMO/replica.pid"
base_url=$(await_replica)

say "starting a private PostgreSQL $PG_MAJOR server"
start_server "$base_url"

say "CREATE EXTENSION bat_partners; CALL bat_ingest();"
demo_psql --expanded -c 'CREATE EXTENSION bat_partners' -c 'CALL bat_ingest(max_pages => 100)'
say "SELECT bat_enqueue('inventory'); CALL bat_work(60, '{inventory,inventory_item}');"
demo_psql --expanded -c "SELECT bat_enqueue('inventory')" -c "CALL bat_work(60, '{inventory,inventory_item}')"
demo_psql -f scripts/demo.sql
report=$target/demo/report.html
mkdir -p "${report%/*}"
demo_psql -At -c 'SELECT bat_report()' >"$report"
cat <<EOF

The same as a page for a browser (SELECT bat_report()):
  $report

The server and the replica go on running.
  look around   make run        (or: psql -h 127.0.0.1 -p $(cat "$DEMO/port") -U postgres)
  stop          make stop       (removes $DEMO)
EOF

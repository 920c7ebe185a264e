#!/usr/bin/env bash
# Builds packages for machines without Rust, into target/package. First argument: what.
#   deb   postgresql-<version>-bat-partners, for Debian's folders
#   tar   an archive with the folders of pg_config, and a note how to install it
#
# The same source gives the same bytes: no time but SOURCE_DATE_EPOCH (the last commit's) and no folder of this machine is
# in them.
cd "$(dirname "$0")/.."
. scripts/setup.sh
. scripts/package-parts.sh
if is_embedded; then fail "a package is built with the headers of its server: name the pg_config of a PostgreSQL $PG_MAJOR that has them by PG_CONFIG=…"; fi

OUT=$PWD/target/package
VERSION=$(sed -nE 's/^version = "(.*)"$/\1/p' Cargo.toml | head -1)
REVISION=1
NAME=postgresql-$PG_MAJOR-bat-partners
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || stat --format %Y Cargo.lock)}
umask 022

# The built files, in folders named after pg_config's options.
build() {
    local tree=$OUT/pg$PG_MAJOR/tree
    FILES=$OUT/pg$PG_MAJOR/files
    say "building bat_partners $VERSION for PostgreSQL $PG_MAJOR (some minutes the first time)"
    rm -rf "$tree" "$FILES"
    # A target folder of its own: with other flags cargo would build everything anew, here and for `make install`. The flags go
    # by the target's name: RUSTFLAGS would take the place of those that cargo-pgrx gives.
    local cargo_home=${CARGO_HOME:-$HOME/.cargo} triple
    # Flags out of the environment are divided at spaces.
    case $cargo_home$PWD in
        *[[:space:]]*) fail "a package cannot be built in a folder whose path has a space in it: $cargo_home, $PWD" ;;
    esac
    triple=$(rustc -vV | sed -n 's/^host: //p' | tr 'a-z-' 'A-Z_')
    env "CARGO_TARGET_${triple}_RUSTFLAGS=--remap-path-prefix=$cargo_home=/cargo --remap-path-prefix=$PWD=/bat_partners" \
        CARGO_TARGET_DIR="$OUT/cargo" CARGO_TERM_QUIET=true \
        cargo pgrx package --pg-config "$PG_CONFIG" --out-dir "$tree" \
        --no-default-features --features "$PG_FEATURE" >&2
    mkdir -p "$FILES/pkglibdir" "$FILES/sharedir/extension"
    install -m 644 "$tree$("$PG_CONFIG" --pkglibdir)/bat_partners.so" "$FILES/pkglibdir"
    install -m 644 "$tree$("$PG_CONFIG" --sharedir)"/extension/* "$FILES/sharedir/extension"
    strip --strip-unneeded --remove-section=.comment "$FILES/pkglibdir/bat_partners.so"
}

# What everybody who gets the files should have beside them. Argument: the folder.
add_documents() {
    mkdir -p "$1/docs"
    install -m 644 README.md "$1"
    install -m 644 docs/*.md "$1/docs"
    licences_of_crates "$PG_FEATURE" | gzip -9n >"$1/licences-of-crates.txt.gz"
}

deb() {
    local work=$OUT/pg$PG_MAJOR/deb root doc package
    command -v dpkg-shlibdeps >/dev/null || install_packages dpkg-dev
    root=$work/debian/$NAME doc=$root/usr/share/doc/$NAME
    rm -rf "$work"
    mkdir -p "$root/DEBIAN" "$root/usr/lib/postgresql/$PG_MAJOR" "$root/usr/share/postgresql/$PG_MAJOR" "$doc"
    cp -r "$FILES/pkglibdir" "$root/usr/lib/postgresql/$PG_MAJOR/lib"
    cp -r "$FILES/sharedir/extension" "$root/usr/share/postgresql/$PG_MAJOR"
    add_documents "$doc"
    deb_copyright >"$doc/copyright"
    deb_changelog >"$work/debian/changelog"
    gzip -9n <"$work/debian/changelog" >"$doc/changelog.Debian.gz"
    gzip -9n <CHANGELOG.md >"$doc/changelog.gz"
    install -D -m 644 packaging/lintian-overrides "$root/usr/share/lintian/overrides/$NAME"
    sed "s/@PG_MAJOR@/$PG_MAJOR/g" packaging/control >"$work/debian/control"
    (
        cd "$work"
        # Without warnings: what the library finds in none of its libraries, the server itself has.
        dpkg-shlibdeps --warnings=0 "$root/usr/lib/postgresql/$PG_MAJOR/lib/bat_partners.so"
        dpkg-gencontrol -p"$NAME" -P"$root"
        cd "$root" && find usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum >DEBIAN/md5sums
    )
    find "$root" -exec touch --no-dereference --date "@$SOURCE_DATE_EPOCH" {} +
    package=$OUT/${NAME}_$VERSION-${REVISION}_$(dpkg --print-architecture).deb
    dpkg-deb --root-owner-group -Zxz --build "$root" "$package" >&2
    check_deb "$package"
    echo "$package"
}

# Argument: the package. By Debian's own checks, where they are at hand.
check_deb() {
    if command -v lintian >/dev/null; then
        lintian --fail-on error,warning --allow-root "$1" >&2
    else
        say "NOT CHECKED by lintian, which is not installed"
    fi
}

archive() {
    local title folder
    title=bat_partners-$VERSION-pg$PG_MAJOR-$(uname -m)
    folder=$OUT/pg$PG_MAJOR/$title
    rm -rf "$folder"
    cp -r "$FILES" "$folder"
    add_documents "$folder"
    install -m 644 LICENSE CHANGELOG.md "$folder"
    sed "s/@PG_MAJOR@/$PG_MAJOR/g; s/@GLIBC@/$(needed_glibc "$FILES/pkglibdir/bat_partners.so")/" \
        packaging/INSTALL >"$folder/INSTALL"
    tar --create --directory "${folder%/*}" --sort=name --owner=0 --group=0 --numeric-owner --mode=a+rX,go-w \
        --mtime="@$SOURCE_DATE_EPOCH" "$title" | gzip -9n >"$OUT/$title.tar.gz"
    echo "$OUT/$title.tar.gz"
}

case ${1:-} in
    deb | tar) build ;;
    *) fail "deb or tar?" ;;
esac
# Not before: crates with C code are built anew whenever it changes.
export SOURCE_DATE_EPOCH
case $1 in
    deb) deb ;;
    tar) archive ;;
esac

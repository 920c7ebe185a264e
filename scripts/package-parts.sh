# Texts that go into packages. Sourced by package.sh.

# The licence texts of the crates that are part of the library: most demand to go along with it. Argument: a feature.
licences_of_crates() {
    local crate version licence source
    cargo tree --package bat_partners --edges normal,no-proc-macro --no-default-features --features "$1" --prefix none \
        --format '{p}|{l}' | sed -E 's/^([^ ]+) v([^ |]+)[^|]*\|/\1|\2|/; s/ \(\*\)$//' | LC_ALL=C sort -u |
        while IFS='|' read -r crate version licence; do
            case $crate in bat_*) continue ;; esac
            source=$(echo "${CARGO_HOME:-$HOME/.cargo}"/registry/src/*/"$crate-$version")
            [ -d "$source" ] || fail "there is no source of $crate $version for its licence"
            printf '=== %s %s: %s\n\n' "$crate" "$version" "$licence"
            find "$source" -maxdepth 1 -type f \
                \( -iname 'licen[cs]e*' -o -iname 'copying*' -o -iname 'notice*' -o -iname 'copyright*' \) -print0 |
                LC_ALL=C sort -z | xargs -0 -r cat
            echo
        done
}

deb_copyright() {
    cat <<COPYRIGHT
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: bat_partners
Comment: The library has Rust crates built in. Their licences are in licences-of-crates.txt.gz beside this file.

Files: *
Copyright: $(sed -nE 's/^Copyright \(c\) (.*)$/\1/p' LICENSE)
License: PostgreSQL
$(sed -nE '/^Copyright/,$ { /^Copyright/d; p }' LICENSE | sed '/./,$!d' | sed -E 's/^$/./; s/^/ /')
COPYRIGHT
}

deb_changelog() {
    cat <<CHANGELOG
bat-partners ($VERSION-$REVISION) unstable; urgency=medium

  * Built from the source of version $VERSION; changelog.gz has its changes.

 -- $(sed -n 's/^Maintainer: //p' packaging/control)  $(LC_ALL=C date -u -R -d "@$SOURCE_DATE_EPOCH")
CHANGELOG
}

# The newest version of the C library whose symbols a library asks for. Argument: the library.
needed_glibc() {
    objdump --dynamic-syms "$1" | grep -oE 'GLIBC_[0-9.]+' | sed 's/GLIBC_//' | sort --version-sort | tail -1
}

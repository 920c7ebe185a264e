# Builds for a version of PostgreSQL whose headers are not at hand, by the declarations that pgrx brings along for its own
# documentation. Sourced by what builds.
#
# pgrx takes these declarations where it is built for docs.rs: told by DOCS_RS to its build script and by a cfg to the
# compiler, for this crate alone. In a folder of their own: the other builds are not made anew.
#
# C functions of pgrx's own need the headers. It refers to one of them where nothing unused is left out, as in builds for
# tests; nothing calls it here.

CARGO_TARGET_DIR=$(realpath --canonicalize-missing "${CARGO_TARGET_DIR:-target}")
# Sourced by a script that another one called, it is that one's folder.
CARGO_TARGET_DIR=${CARGO_TARGET_DIR%/without-headers}/without-headers
mkdir -p "$CARGO_TARGET_DIR"
RUSTC_WRAPPER=$CARGO_TARGET_DIR/rustc
cat >"$RUSTC_WRAPPER.new" <<'WRAPPER'
#!/bin/sh
rustc=$1
shift
case " $* " in
    *" --crate-name pgrx_pg_sys "*) exec "$rustc" "$@" --cfg docsrs ;;
    *" --crate-name bat_partners "*)
        exec "$rustc" "$@" -C link-arg=-Wl,--defsym,list_nth_oid__pgrx_cshim=0
        ;;
    *) exec "$rustc" "$@" ;;
esac
WRAPPER
chmod +x "$RUSTC_WRAPPER.new"
mv "$RUSTC_WRAPPER.new" "$RUSTC_WRAPPER"
export RUSTC_WRAPPER DOCS_RS=1 CARGO_TARGET_DIR

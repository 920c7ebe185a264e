# A clean Debian 12 in the folder CLEAN: made, entered. Sourced by test-package.sh.

RELEASE=bookworm

require_namespaces() {
    [ "$(id -u)" = 0 ] || command -v sudo >/dev/null || fail "only root can make a clean Debian and enter it, and there is no sudo"
    command -v apt-get >/dev/null || fail "a clean Debian is made by debootstrap and apt, which this system does not have"
    as_root unshare --mount --pid --fork --kill-child --mount-proc true ||
        fail "no namespaces can be made here (a container without the privilege?): a clean Debian cannot be entered"
}

install_debootstrap() { command -v debootstrap >/dev/null || install_packages debootstrap; }

# This machine's own sources of the release: `URI codename component`, one a line.
sources() {
    apt-get indextargets --format '$(REPO_URI) $(CODENAME) $(COMPONENT) $(ORIGIN)' 'Identifier: Packages' |
        sed -nE "s/^([^ ]+ $RELEASE[^ ]* main) Debian$/\1/p" | sort -u
}

# How this machine's apt gets out: its proxies and certificates.
apt_settings() { apt-config dump Acquire | grep -iE '^Acquire::(https?|ftp|Retries)[:" ]' || true; }

make_clean_debian() {
    local mirror proxy=''
    # Nothing is known of the sources before the first update.
    [ -n "$(sources)" ] || as_root apt-get update -qq
    mirror=$(sources | sed -nE "s/^([^ ]+) $RELEASE main$/\1/p" | head -1)
    [ -n "$mirror" ] || fail "this machine's apt has no source of Debian 12 ($RELEASE)"
    eval "$(apt-config shell proxy Acquire::http::Proxy)"
    [ -z "$proxy" ] || [ "$proxy" = DIRECT ] || export http_proxy=$proxy https_proxy=$proxy
    say "making a clean Debian 12 in $CLEAN (a minute)"
    as_root env http_proxy="${http_proxy:-}" https_proxy="${https_proxy:-}" \
        unshare --mount --pid --fork --kill-child --mount-proc \
        debootstrap --variant=minbase "$RELEASE" "$CLEAN" "$mirror" >"$own/debootstrap" 2>&1 ||
        fail "debootstrap failed: $(tail -5 "$own/debootstrap")"
    # Made for root alone by mktemp: the other users of the clean system must be able to enter their own root.
    as_root chmod 755 "$CLEAN"
    as_root cp /etc/hosts "$CLEAN/etc/hosts"
    sources | sed 's/^/deb /' | as_root tee "$CLEAN/etc/apt/sources.list" >/dev/null
    apt_settings | as_root tee "$CLEAN/etc/apt/apt.conf.d/90-as-outside" >/dev/null
    carry_over_certificates
    # As on this machine: no service starts by itself, and no cluster is made.
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$CLEAN/usr/sbin/policy-rc.d" >/dev/null
    as_root chmod +x "$CLEAN/usr/sbin/policy-rc.d"
    as_root mkdir -p "$CLEAN/etc/postgresql-common/createcluster.d"
    echo 'create_main_cluster = false' |
        as_root tee "$CLEAN/etc/postgresql-common/createcluster.d/none.conf" >/dev/null
}

# The files that apt's settings name, at the same place; and the system's, which a mirror by https may need.
carry_over_certificates() {
    local file
    { apt_settings | sed -nE 's/.*(CaInfo|SslCert|SslKey)[^"]*"(.*)";/\2/Ip'; echo /etc/ssl/certs/ca-certificates.crt; } |
        while read -r file; do
            [ -e "$file" ] || continue
            sources | grep -q '^https:' || continue
            as_root install -D -m 644 "$file" "$CLEAN$file"
        done
}

# Runs a command in it, with /proc and /dev/shm, and the name server of this machine.
in_clean_debian() {
    as_root env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 CLEAN="$CLEAN" DEBIAN_FRONTEND=noninteractive \
        http_proxy="${http_proxy:-}" https_proxy="${https_proxy:-}" no_proxy="${no_proxy:-}" \
        unshare --mount --pid --fork --kill-child sh -euc '
            mount -t proc proc "$CLEAN/proc"
            mkdir -p "$CLEAN/dev/shm"
            mount -t tmpfs -o mode=1777 shm "$CLEAN/dev/shm"
            exec chroot "$CLEAN" "$@"' sh "$@"
}

#!/usr/bin/env bash
# Installs the programs that the demo and the tests work with, through apt, where they are missing.
#
#   scripts/install-peers.sh demo   etcd, etcdctl, openssl
#   scripts/install-peers.sh test   and what the tests compare with: cfssl 1.6.5 and 1.2.0, certtool, a browser
#   scripts/install-peers.sh ci     and what the checks need: valgrind, shellcheck, jq
#
# Debian's etcd package brings a service; it is neither started nor enabled here. Debian 12 has cfssl 1.2.0, Debian 13
# has 1.6.5. The tests find each below /opt/cfssl-VERSION: a link to /usr for the one that the machine's own package
# is; the other is unpacked there, from the mirror that apt uses anyway. apt's sources and lists stay as they are.
set -euo pipefail

set_name=${1:-test}
# What reads the reports of audits: a browser, paper, XML.
readers=(chromium:chromium pdftotext:poppler-utils xmllint:libxml2-utils)
programs=(etcd:etcd-server etcdctl:etcd-client openssl:openssl)
peers=()
case $set_name in
demo) ;;
test | ci)
    # cfssl-newkey stands for golang-cfssl, because a `cfssl` on the PATH may well be ours.
    programs+=(cfssl-newkey:golang-cfssl certtool:gnutls-bin strace:strace "${readers[@]}")
    # The version, and the Debian release that has it.
    peers=(1.6.5:trixie 1.2.0:bookworm)
    ;;
*)
    echo "install-peers: unknown set '$set_name'; write demo, test or ci" >&2
    exit 2
    ;;
esac
[ "$set_name" != ci ] || programs+=(valgrind:valgrind shellcheck:shellcheck jq:jq)

packages=()
for program in "${programs[@]}"; do
    command -v "${program%%:*}" >/dev/null || packages+=("${program##*:}")
done
# Whether the machine's own golang-cfssl is of a version.
is_packaged() {
    case $(dpkg-query -W -f '${Version}' golang-cfssl 2>/dev/null) in
    "$1"[-+]*) ;;
    *) return 1 ;;
    esac
}
absent=()
for peer in "${peers[@]}"; do
    place=/opt/cfssl-${peer%%:*}
    # A link counts as long as the package behind it has not changed.
    [ -x "$place/usr/bin/cfssl" ] && { [ ! -L "$place/usr" ] || is_packaged "${peer%%:*}"; } || absent+=("$peer")
done
if [ ${#absent[@]} -gt 0 ] && [ "$(dpkg-query -W -f '${db:Status-Status}' libsqlite3-0 2>/dev/null)" != installed ]; then
    packages+=(libsqlite3-0)
fi
names=("${packages[@]}" "${absent[@]/#/cfssl }")
[ ${#names[@]} -gt 0 ] || exit 0
missing=$(printf ', %s' "${names[@]%%:*}")
missing=${missing:2}

if ! command -v apt-get >/dev/null; then
    echo "install-peers: $missing: not installed, and there is no apt-get here; install them by hand" >&2
    exit 1
fi
if [ "$(id -u)" -ne 0 ]; then
    echo "install-peers: $missing: not installed; run: sudo scripts/install-peers.sh $set_name" >&2
    exit 1
fi

work=$(mktemp -d)
log=$work/log
# The packaging scripts ask this file before they start a service; 101 means no.
policy=/usr/sbin/policy-rc.d
if [ -e "$policy" ]; then
    policy=
else
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 0755 "$policy"
fi
trap 'rm -rf "$work" ${policy:+"$policy"}' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

fail() {
    [ ! -s "$log" ] || tail -n 20 "$log" >&2
    echo "install-peers: $1" >&2
    exit 1
}

echo "Installing $missing"
export DEBIAN_FRONTEND=noninteractive
# An outdated index may still do, so only the installation decides.
apt-get update -q >"$log" 2>&1 </dev/null || true
if [ ${#packages[@]} -gt 0 ]; then
    apt-get install -q -y --no-install-recommends "${packages[@]}" >>"$log" 2>&1 </dev/null ||
        fail "apt-get could not install ${packages[*]}"
fi

case " ${packages[*]} " in
*" etcd-server "*)
    # The package enables its service for the next boot, and an existing policy-rc.d may have let it start.
    if command -v systemctl >/dev/null; then
        systemctl disable --now etcd.service >/dev/null 2>&1 || true
    fi
    ;;
esac

# Makes /opt/cfssl-VERSION with Debian's golang-cfssl of that version.
install_peer() {
    local version=$1 release=$2 place=/opt/cfssl-$1 sources keyring uri found
    local what="cfssl $version (golang-cfssl of Debian's $release)"
    : >"$log"
    rm -rf "$place" "$place.new"
    if is_packaged "$version"; then
        mkdir -p "$place"
        ln -s /usr "$place/usr"
        return
    fi
    # shellcheck disable=SC2016 # apt-get fills these in
    sources=$(apt-get indextargets --format '$(ORIGIN)|$(LABEL)|$(COMPONENT)|$(REPO_URI)' 'Created-By: Packages')
    uri=$(sed -n 's/^Debian|Debian|main|//p' <<<"$sources" | head -n 1)
    [ -n "$uri" ] || fail "$what: apt has no source of Debian's main packages here to take it from"
    keyring=$(dpkg-query -L debian-archive-keyring 2>/dev/null | grep '/debian-archive-keyring\.\(gpg\|pgp\)$' | head -n 1) ||
        fail "$what: the package debian-archive-keyring is missing; run: apt-get install debian-archive-keyring"
    mkdir -p "$work/$version/lists/partial" "$work/$version/cache/archives/partial"
    echo "deb [signed-by=$keyring] $uri $release main" >"$work/$version/sources.list"
    local options=(
        -q -o "Dir::Etc::sourcelist=$work/$version/sources.list" -o Dir::Etc::sourceparts=/dev/null
        -o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts=/dev/null
        -o "Dir::State::lists=$work/$version/lists" -o "Dir::Cache=$work/$version/cache"
        -o APT::Sandbox::User=root -o Acquire::Languages=none
    )
    (
        cd "$work/$version"
        apt-get "${options[@]}" update && apt-get "${options[@]}" download "golang-cfssl/$release"
    ) >>"$log" 2>&1 </dev/null || fail "$what: apt-get could not download it from $uri"
    found=$(echo "$work/$version"/golang-cfssl_*.deb)
    case $(dpkg-deb -f "$found" Version) in
    "$version"[-+]*) ;;
    *) fail "$what: $uri has $(dpkg-deb -f "$found" Version) instead" ;;
    esac
    dpkg-deb -x "$found" "$work/$version/root" >>"$log" 2>&1 || fail "$what: the package could not be unpacked"
    "$work/$version/root/usr/bin/cfssl" version >>"$log" 2>&1 || fail "$what: it does not run on this machine"
    # Under its name it is there whole or not at all.
    cp -a "$work/$version/root" "$place.new"
    chmod 0755 "$place.new"
    mv -T "$place.new" "$place"
}

for peer in "${absent[@]}"; do
    install_peer "${peer%%:*}" "${peer##*:}"
done

#!/usr/bin/env bash
# Installs the programs that the demo and the tests work with, through apt, where they are missing.
#
#   scripts/install-peers.sh demo   etcd, etcdctl, openssl
#   scripts/install-peers.sh test   and the tools the tests compare with: cfssl, certtool, a browser
#   scripts/install-peers.sh ci     and what the checks need: valgrind, shellcheck, jq
#
# Debian's etcd package brings a service; it is neither started nor enabled here.
set -euo pipefail

set_name=${1:-test}
# What reads the reports of audits: a browser, paper, XML.
readers=(chromium:chromium pdftotext:poppler-utils xmllint:libxml2-utils)
programs=(etcd:etcd-server etcdctl:etcd-client openssl:openssl)
case $set_name in
demo) ;;
test) programs+=(cfssl-newkey:golang-cfssl certtool:gnutls-bin strace:strace "${readers[@]}") ;;
ci) programs+=(cfssl-newkey:golang-cfssl certtool:gnutls-bin strace:strace "${readers[@]}" valgrind:valgrind shellcheck:shellcheck jq:jq) ;;
*)
    echo "install-peers: unknown set '$set_name'; write demo, test or ci" >&2
    exit 2
    ;;
esac

# cfssl-newkey stands for golang-cfssl, because a `cfssl` on the PATH may well be ours.
packages=()
for program in "${programs[@]}"; do
    command -v "${program%%:*}" >/dev/null || packages+=("${program##*:}")
done
[ ${#packages[@]} -gt 0 ] || exit 0

missing="${packages[*]}"
if ! command -v apt-get >/dev/null; then
    echo "install-peers: $missing: not installed, and there is no apt-get here; install them by hand" >&2
    exit 1
fi
if [ "$(id -u)" -ne 0 ]; then
    echo "install-peers: $missing: not installed; run: sudo scripts/install-peers.sh $set_name" >&2
    exit 1
fi

# The packaging scripts ask this file before they start a service; 101 means no.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    trap 'rm -f "$policy"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 0755 "$policy"
fi

echo "Installing $missing"
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
# An outdated index may still do, so only the installation decides.
apt-get update -q >"$log" 2>&1 </dev/null || true
if ! apt-get install -q -y --no-install-recommends "${packages[@]}" >>"$log" 2>&1 </dev/null; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    echo "install-peers: apt-get could not install $missing" >&2
    exit 1
fi
rm -f "$log"

case " $missing " in
*" etcd-server "*)
    # The package enables its service for the next boot, and an existing policy-rc.d may have let it start.
    if command -v systemctl >/dev/null; then
        systemctl disable --now etcd.service >/dev/null 2>&1 || true
    fi
    ;;
esac

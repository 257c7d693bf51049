#!/usr/bin/env bash
# Brings the certificates of others that the tests read: cryptography_vectors from PyPI (with NIST's PKITS), Debian's
# ca-certificates, and the test data of Go's crypto/x509. They are never part of this repository.
#
#   scripts/install-corpora.sh [DIRECTORY]     /opt/certmint-corpora unless said otherwise
#
# Does nothing where they are there already.
set -euo pipefail

# The tests' tables of what is in them were made with this version.
vectors=cryptography_vectors==50.0.2
directory=${1:-${CERTMINT_CORPORA:-/opt/certmint-corpora}}

packages=()
[ -d /usr/share/ca-certificates/mozilla ] || packages+=(ca-certificates)
[ -d /usr/share/go-1.19/src/crypto/x509 ] || packages+=(golang-1.19-src)
if [ ! -e "$directory/$vectors" ]; then
    command -v python3 >/dev/null || packages+=(python3)
    python3 -m pip --version >/dev/null 2>&1 || packages+=(python3-pip)
fi
if [ ${#packages[@]} -gt 0 ]; then
    if ! command -v apt-get >/dev/null || [ "$(id -u)" -ne 0 ]; then
        echo "install-corpora: ${packages[*]}: not installed; run as root on Debian: scripts/install-corpora.sh" >&2
        exit 1
    fi
    echo "Installing ${packages[*]}"
    export DEBIAN_FRONTEND=noninteractive
    log=$(mktemp)
    trap 'rm -f "$log"' EXIT
    apt-get update -q >"$log" 2>&1 </dev/null || true
    if ! apt-get install -q -y --no-install-recommends "${packages[@]}" >>"$log" 2>&1 </dev/null; then
        tail -n 20 "$log" >&2
        echo "install-corpora: apt-get could not install ${packages[*]}" >&2
        exit 1
    fi
fi
if [ ! -e "$directory/$vectors" ]; then
    echo "Fetching $vectors"
    mkdir -p "$directory"
    fetched=$(mktemp -d "$directory/fetch.XXXXXX")
    trap 'rm -rf "$fetched" "${log:-}"' EXIT
    python3 -m pip download --quiet --disable-pip-version-check --no-deps --dest "$fetched" "$vectors"
    python3 -m zipfile -e "$fetched"/*.whl "$fetched/unpacked"
    rm -rf "$directory/cryptography_vectors"
    mv "$fetched/unpacked/cryptography_vectors" "$directory/cryptography_vectors"
    # Written last: it says that the rest is whole.
    touch "$directory/$vectors"
fi

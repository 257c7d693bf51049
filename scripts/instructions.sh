#!/usr/bin/env bash
# Counts the instructions of three short runs under callgrind and fails when one is above its limit.
#
#   scripts/instructions.sh [DIR]   the programs of DIR; without it the release build
#
# Time wobbles by a few per cent, the count by a few hundredths of one, so this is the gate against slow start-up,
# a jittery random generator (400 M) and a program that grew.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

command -v valgrind >/dev/null || { echo "instructions: valgrind is not installed (scripts/install-peers.sh ci)" >&2; exit 1; }
if [ $# -gt 0 ]; then programs=$(cd "$1" && pwd); else programs=$(scripts/build.sh); fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat >csr.json <<'JSON'
{ "CN": "etcd", "hosts": [ "127.0.0.1", "kube-cluster-master01" ], "key": { "algo": "ecdsa", "size": 256 }, "names": [ { "C": "CN", "O": "etcd" } ] }
JSON
cat >config.json <<'JSON'
{ "signing": { "default": { "expiry": "87600h" }, "profiles": { "etcd": { "expiry": "87600h", "usages": [ "signing", "key encipherment", "server auth", "client auth" ] } } } }
JSON
leaf=(gencert -ca=ca.pem -ca-key=ca-key.pem -config=config.json -profile=etcd csr.json)
"$programs/cfssl" gencert -initca csr.json 2>/dev/null | "$programs/cfssljson" -bare ca
"$programs/cfssl" "${leaf[@]}" >leaf.json 2>/dev/null

failed=no
printf '%-34s | %12s | %12s |\n' run instructions limit
# count NAME LIMIT PROGRAM ARGUMENT...: reads leaf.json, which only cfssljson wants.
count() {
    local name=$1 limit=$2 counted verdict=
    shift 2
    valgrind --tool=callgrind --callgrind-out-file=callgrind.out "$@" <leaf.json >out 2>err ||
        { cat err >&2; echo "instructions: failed: $*" >&2; exit 1; }
    counted=$(sed -n 's/^\(summary\|totals\): \([0-9]*\).*/\2/p' callgrind.out | head -n 1)
    [ -n "$counted" ] || { echo "instructions: callgrind counted nothing for: $*" >&2; exit 1; }
    if [ "$counted" -gt "$limit" ]; then
        verdict=" above the limit"
        failed=yes
    fi
    printf '%-34s | %12d | %12d |%s\n' "$name" "$counted" "$limit" "$verdict"
}
count "cfssl version" 1000000 "$programs/cfssl" version
count "cfssl gencert (P-256 leaf)" 4000000 "$programs/cfssl" "${leaf[@]}"
count "cfssljson -bare" 1000000 "$programs/cfssljson" -bare leaf

[ "$failed" = no ] || { echo "instructions: more than the limit allows; see docs/performance.md" >&2; exit 1; }

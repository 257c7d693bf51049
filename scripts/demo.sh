#!/usr/bin/env bash
# The etcd walkthrough from beginning to end: certificates, then a three-node cluster that uses them.
#
#   scripts/demo.sh [--programs DIR] [--no-install] [--keep]
#
#   --programs DIR   use the cfssl, cfssljson and cfssl-certinfo of DIR instead of building ours. The original
#                    works too; its leaf fails `openssl verify`, which is then shown and does not stop the demo.
#   --no-install     install nothing; without etcd, only the certificates are made
#   --keep           leave the directory behind
#
# Everything happens in a temporary directory and on 127.0.0.1, and is gone afterwards, also after Ctrl-C.
set -euo pipefail

programs=
install=yes
keep=no
while [ $# -gt 0 ]; do
    case $1 in
    --programs)
        programs=$(cd "${2:?--programs needs a directory}" && pwd)
        shift
        ;;
    --no-install) install=no ;;
    --keep) keep=yes ;;
    *)
        echo "demo: unknown option '$1'" >&2
        exit 2
        ;;
    esac
    shift
done
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
foreign=${programs:+yes}

work=$(mktemp -d "${TMPDIR:-/tmp}/certmint-demo.XXXXXX")
nodes=()

stop_nodes() {
    local pid
    for pid in "${nodes[@]}"; do kill "$pid" 2>/dev/null || true; done
    # An etcd that does not leave within five seconds is made to.
    for _ in $(seq 50); do
        alive=no
        for pid in "${nodes[@]}"; do
            if kill -0 "$pid" 2>/dev/null; then alive=yes; fi
        done
        [ "$alive" = yes ] || break
        sleep 0.1
    done
    for pid in "${nodes[@]}"; do
        kill -9 "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    nodes=()
}

clean_up() {
    local status=$?
    trap '' INT TERM HUP
    stop_nodes
    if [ "$keep" = yes ]; then
        echo "The files are in $work"
    else
        rm -rf "$work"
    fi
    exit "$status"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

heading() { printf '\n== %s\n' "$*"; }
say() { printf '%s\n' "$*"; }
fail() {
    printf 'demo: %s\n' "$*" >&2
    exit 1
}

# Shows a command line and runs exactly that text.
run() {
    printf '$ %s\n' "$1"
    bash -o pipefail -c "$1" || fail "failed: $1"
}

# Shows a file that the reader would write in an editor, and writes it.
edit() {
    printf '%s:\n' "$1"
    tee "$1" | sed 's/^/    /'
}

heading "Programs"
if [ -z "$programs" ]; then
    command -v cargo >/dev/null || fail "cargo is not installed: see https://rustup.rs"
    say "\$ cargo build --release"
    programs=$("$root/scripts/build.sh") || fail "the programs did not build"
fi
for program in cfssl cfssljson cfssl-certinfo; do
    [ -x "$programs/$program" ] || fail "$programs/$program: no such program"
done
PATH=$programs:$PATH
export PATH
if [ "$install" = yes ]; then
    "$root/scripts/install-peers.sh" demo || say "Going on with what is there."
fi
have_etcd=no
if command -v etcd >/dev/null && command -v etcdctl >/dev/null; then have_etcd=yes; fi
run 'cfssl version'

mkdir "$work/etcd"
cd "$work/etcd"

heading "Start from the defaults"
run 'cfssl print-defaults config > ca-etcd-config.json'
run 'cfssl print-defaults csr > ca-etcd-csr.json'
say "then edit the two files, and write the request for the nodes:"
edit ca-etcd-config.json <<'JSON'
{ "signing": { "default": { "expiry": "87600h" }, "profiles": { "etcd": { "expiry": "87600h", "usages": [ "signing", "key encipherment", "server auth", "client auth" ] } } } }
JSON
edit ca-etcd-csr.json <<'JSON'
{ "CN": "etcd", "key": { "algo": "rsa", "size": 2048 }, "names": [ { "C": "CN", "ST": "SH", "L": "BS", "O": "etcd", "OU": "System" } ] }
JSON
edit etcd-csr.json <<'JSON'
{ "CN": "etcd", "hosts": [ "127.0.0.1", "192.168.100.111", "192.168.100.112", "192.168.100.113", "kube-cluster-master01", "kube-cluster-master02", "kube-cluster-master03" ], "key": { "algo": "rsa", "size": 2048 }, "names": [ { "C": "CN", "ST": "SH", "L": "BS", "O": "etcd", "OU": "System" } ] }
JSON

heading "The certificate authority"
run 'cfssl gencert -initca ca-etcd-csr.json | cfssljson -bare ca-etcd'

heading "The certificate of the nodes"
run 'cfssl gencert -ca=ca-etcd.pem -ca-key=ca-etcd-key.pem -config=ca-etcd-config.json -profile=etcd etcd-csr.json | cfssljson -bare etcd'

heading "The files"
run 'ls -l ca-etcd.pem ca-etcd-key.pem ca-etcd.csr etcd.pem etcd-key.pem etcd.csr'

heading "What they say"
run 'cfssl certinfo -cert etcd.pem'
run 'cfssl-certinfo -cert ca-etcd.pem'

heading "What openssl says"
left_out=()
if ! command -v openssl >/dev/null; then
    say "openssl is not installed."
    left_out+=("the check by openssl")
elif [ "$foreign" = yes ]; then
    say '$ openssl verify -CAfile ca-etcd.pem etcd.pem'
    openssl verify -CAfile ca-etcd.pem etcd.pem 2>&1 ||
        say "The leaf has its authority's name and no authority key identifier: openssl takes it for self-signed."
else
    run 'openssl verify -CAfile ca-etcd.pem etcd.pem'
fi

# A port nobody listens on, below the range from which the kernel takes ports for outgoing connections.
taken_ports=" "
free_port() {
    local candidate
    for _ in $(seq 200); do
        candidate=$((20000 + RANDOM % 12000))
        case $taken_ports in *" $candidate "*) continue ;; esac
        if ! (exec 3<>"/dev/tcp/127.0.0.1/$candidate") 2>/dev/null; then
            taken_ports+="$candidate "
            port=$candidate
            return
        fi
    done
    fail "found no free port on 127.0.0.1"
}

# A clean environment: ETCD_* and ETCDCTL_* variables of the caller would override or contradict the files.
clean_environment=(env -i "PATH=$PATH" "HOME=$work" LC_ALL=C ETCDCTL_API=3)
case $(uname -m) in
x86_64 | ppc64le) ;;
aarch64) clean_environment+=(ETCD_UNSUPPORTED_ARCH=arm64) ;; # etcd 3.4 wants to be told
arm*) clean_environment+=(ETCD_UNSUPPORTED_ARCH=arm) ;;
i?86) clean_environment+=(ETCD_UNSUPPORTED_ARCH=386) ;;
*) clean_environment+=("ETCD_UNSUPPORTED_ARCH=$(uname -m)") ;;
esac

# Writes node N's file: peers, clients and directories of its own, one pair of certificate and key for all.
write_node() {
    local node=$1 mode=$2
    cat >"$mode/node$node.yml" <<YAML
name: node$node
wal-dir: $work/etcd/$mode/node$node/wal
data-dir: $work/etcd/$mode/node$node/data
listen-peer-urls: https://127.0.0.1:${peer_ports[$node]}
listen-client-urls: https://127.0.0.1:${client_ports[$node]}
advertise-client-urls: https://127.0.0.1:${client_ports[$node]}
initial-advertise-peer-urls: https://127.0.0.1:${peer_ports[$node]}
initial-cluster: node1=https://127.0.0.1:${peer_ports[1]},node2=https://127.0.0.1:${peer_ports[2]},node3=https://127.0.0.1:${peer_ports[3]}
initial-cluster-token: certmint-demo-$mode
initial-cluster-state: new
client-transport-security:
  cert-file: $work/etcd/etcd.pem
  key-file: $work/etcd/etcd-key.pem
  client-cert-auth: $mode
  trusted-ca-file: $work/etcd/ca-etcd.pem
  auto-tls: false
peer-transport-security:
  cert-file: $work/etcd/etcd.pem
  key-file: $work/etcd/etcd-key.pem
  client-cert-auth: $mode
  trusted-ca-file: $work/etcd/ca-etcd.pem
  auto-tls: false
logger: zap
log-outputs: [stderr]
YAML
}

# etcdctl with the walkthrough's files; its own messages go where the caller sends them.
ctl() { "${clean_environment[@]}" etcdctl --cacert=ca-etcd.pem --cert=etcd.pem --key=etcd-key.pem --endpoints="$endpoints" "$@"; }
# etcdctl as somebody whom the authority does not know.
stranger() { "${clean_environment[@]}" etcdctl --cacert=ca-etcd.pem --endpoints="${endpoints%%,*}" --dial-timeout=2s --command-timeout=3s "$@"; }

# What the first node says in TLS to somebody without a certificate, where openssl is there to hear it.
tls_alert() {
    command -v openssl >/dev/null || return 0
    printf 'GET /version HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n' |
        timeout 5 openssl s_client -quiet -connect "127.0.0.1:${client_ports[1]}" -CAfile ca-etcd.pem 2>&1 |
        sed -n 's/.*SSL alert number \([0-9]*\).*/ (TLS alert \1)/p; s/.*:\(tlsv1[^:]*alert[^:]*\|sslv3 alert[^:]*\):.*/ (\1)/p' | head -n 1 || true
}

# Starts the three nodes; fails when one ends or the cluster is not healthy within a minute.
start_nodes() {
    local mode=$1 node pid
    rm -rf "$mode"
    mkdir "$mode"
    for node in 1 2 3; do
        free_port
        peer_ports[node]=$port
        free_port
        client_ports[node]=$port
    done
    endpoints=https://127.0.0.1:${client_ports[1]},https://127.0.0.1:${client_ports[2]},https://127.0.0.1:${client_ports[3]}
    for node in 1 2 3; do
        mkdir "$mode/node$node"
        write_node "$node" "$mode"
        "${clean_environment[@]}" etcd --config-file="$mode/node$node.yml" >"$mode/node$node.log" 2>&1 &
        nodes+=("$!")
    done
    local deadline=$((SECONDS + 60))
    while [ "$SECONDS" -lt "$deadline" ]; do
        for pid in "${nodes[@]}"; do
            kill -0 "$pid" 2>/dev/null || return 1
        done
        if ctl endpoint health --command-timeout=3s >/dev/null 2>&1; then return 0; fi
        sleep 0.3
    done
    return 1
}

table() {
    say "\$ etcdctl --cacert=ca-etcd.pem --cert=etcd.pem --key=etcd-key.pem --endpoints=$endpoints $* --write-out=table"
    ctl "$@" --write-out=table 2>&1 || fail "etcdctl $* failed"
}

# A cluster in one mode. What etcd enforces is found out by trying, not assumed.
cluster() {
    local mode=$1 attempt answer
    heading "Three nodes with client-cert-auth: $mode"
    for attempt in 1 2 3; do
        if start_nodes "$mode"; then break; fi
        # Somebody may have taken a port between our look and etcd's bind: that alone is worth another try.
        stop_nodes
        if [ "$attempt" = 3 ] || ! grep -q 'address already in use' "$mode"/node?.log; then
            tail -n 5 "$mode"/node?.log >&2
            fail "the cluster did not come up"
        fi
    done
    say "node1's file (the others differ in name, directories and ports):"
    sed 's/^/    /' "$mode/node1.yml"
    table endpoint health
    table endpoint status
    table member list
    ctl put greeting "from the certmint demo" >/dev/null || fail "etcdctl put failed"
    answer=$(ctl get greeting --print-value-only) || fail "etcdctl get failed"
    [ "$answer" = "from the certmint demo" ] || fail "etcdctl get answered: $answer"
    say "A value was written and read back."

    if stranger get greeting >/dev/null 2>&1; then
        no_certificate[$mode]="served"
    else
        no_certificate[$mode]="refused"
    fi
    say "A client without a certificate is ${no_certificate[$mode]}$(tls_alert)."

    # With etcd's own accounts on, does the certificate's common name log its holder in?
    {
        ctl user add root --no-password && ctl user grant-role root root &&
            ctl role add reader && ctl role grant-permission reader read greeting &&
            ctl user add etcd --no-password && ctl user grant-role etcd reader &&
            ctl auth enable
    } >"$mode/accounts.log" 2>&1 || { cat "$mode/accounts.log" >&2; fail "etcd's accounts could not be set up"; }
    if answer=$(ctl get greeting --print-value-only 2>"$mode/account.log"); then
        common_name[$mode]="logs in as user etcd"
    else
        common_name[$mode]="logs nobody in ($(sed -n 's/.*etcdserver: //p' "$mode/account.log" | tail -n 1 | tr -d '"}'))"
    fi
    say "With accounts enabled, the common name of the certificate ${common_name[$mode]}."
    stop_nodes
}

if [ "$have_etcd" = yes ]; then
    declare -A no_certificate common_name
    peer_ports=() client_ports=()
    cluster false
    cluster true
    heading "What client-cert-auth changes, as $(etcd --version | sed -n 's/^etcd Version: /etcd /p') behaved just now"
    printf '%-18s | %-30s | %s\n' \
        "client-cert-auth" "client without a certificate" "certificate's common name" \
        "false" "${no_certificate[false]}" "${common_name[false]}" \
        "true" "${no_certificate[true]}" "${common_name[true]}"
    if [ "${no_certificate[false]}" = refused ]; then
        say "trusted-ca-file alone makes etcd demand a client certificate; client-cert-auth: true adds that the"
        say "certificate's common name counts as the user's name once etcd's accounts are enabled."
    fi
    [ "${no_certificate[true]}" = refused ] || fail "client-cert-auth: true let a client in without a certificate"
else
    left_out+=("the three-node cluster: etcd and etcdctl are not installed (on Debian and Ubuntu: sudo make peers)")
fi

heading "Done"
if [ ${#left_out[@]} -gt 0 ]; then
    for part in "${left_out[@]}"; do say "Left out: $part"; done
else
    say "Certificates made, shown to openssl, and used by a real cluster in both modes."
fi

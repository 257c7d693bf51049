#!/usr/bin/env bash
# Builds the programs and prints the directory they are in, whatever the target directory and the target are.
#
#   scripts/build.sh [PROFILE [OPTION ...]]      release unless said otherwise; the options are cargo's
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
profile=${1:-release}
shift $(($# > 0))

# Half a megabyte less: a release never unwinds, and relocations fit in a few kilobytes where the linker can pack them
# and the C library that is linked in (glibc 2.36 or later) can unpack them.
flags='"-C", "force-unwind-tables=no"'
libc=$(getconf GNU_LIBC_VERSION 2>/dev/null | sed -n 's/^glibc //p')
if [ -n "$libc" ] && [ "$(printf '%s\n' 2.36 "$libc" | sort -V | head -n 1)" = 2.36 ] && [ -z "${CARGO_BUILD_TARGET:-}" ] &&
    grep -q pack-relative-relocs <<<"$(ld --help 2>/dev/null)"; then
    flags+=', "-C", "link-arg=-Wl,-z,pack-relative-relocs"'
fi
# And functions of the same code are kept once, where the linker can do that (LLVM's, which Rust brings for x86-64), and
# what is never unwound needs no index of how to.
probe=$(mktemp -d)
trap 'rm -rf "$probe"' EXIT
if rustc -C link-arg=-Wl,--icf=safe -o "$probe/probe" - <<<'fn main() {}' 2>/dev/null; then
    flags+=', "-C", "link-arg=-Wl,--icf=safe", "-C", "link-arg=-Wl,--no-eh-frame-hdr"'
fi
small=()
if [ "$profile" = release ]; then
    small=(--config "target.'cfg(all(target_os = \"linux\", target_env = \"gnu\"))'.rustflags = [$flags]")
fi

# Progress and compiler messages go to stderr as usual; stdout is one JSON message per artifact.
messages=$(cargo build --profile "$profile" --locked --bins "${small[@]}" "$@" --message-format=json-render-diagnostics)
program=$(sed -n 's|.*"executable":"\([^"]*/cfssl\)".*|\1|p' <<<"$messages" | head -n 1)
[ -n "$program" ] || { echo "build: cargo named no cfssl program" >&2; exit 1; }
dirname "$program"

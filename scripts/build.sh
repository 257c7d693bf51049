#!/usr/bin/env bash
# Builds the programs and prints the directory they are in, whatever the target directory and the target are.
#
#   scripts/build.sh [PROFILE]      release unless said otherwise
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Progress and compiler messages go to stderr as usual; stdout is one JSON message per artifact.
messages=$(cargo build --profile "${1:-release}" --locked --bins --message-format=json-render-diagnostics)
program=$(sed -n 's|.*"executable":"\([^"]*/cfssl\)".*|\1|p' <<<"$messages" | head -n 1)
[ -n "$program" ] || { echo "build: cargo named no cfssl program" >&2; exit 1; }
dirname "$program"

#!/usr/bin/env bash
# Runs the fuzzers one after the other, and stops at the first that finds something.
#
#   scripts/fuzz.sh [TARGET ...]    all of fuzz/Cargo.toml unless some are named
#
# SECONDS_EACH   how long each runs (60)
# Needs a nightly toolchain of Rust and cargo-fuzz (cargo install --locked cargo-fuzz); see fuzz/README.md.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../fuzz"

seconds=${SECONDS_EACH:-60}
cargo fuzz --version >/dev/null 2>&1 ||
    { echo "fuzz: cargo-fuzz is not installed (cargo install --locked cargo-fuzz)" >&2; exit 1; }
rustc +nightly --version >/dev/null 2>&1 ||
    { echo "fuzz: there is no nightly toolchain (rustup toolchain install nightly)" >&2; exit 1; }

# There is no unsafe code that AddressSanitizer could watch, and without it the fuzzers run several times as fast.
options=(--fuzz-dir . --sanitizer none)
if [ $# -eq 0 ]; then
    mapfile -t targets < <(cargo +nightly fuzz list --fuzz-dir .)
else
    targets=("$@")
fi
for target in "${targets[@]}"; do
    echo "== $target"
    # What is found goes to the first folder, which is not kept.
    mkdir -p "found/$target"
    folders=("found/$target" "corpus/$target")
    [ ! -d "regressions/$target" ] || folders+=("regressions/$target")
    cargo +nightly fuzz run "${options[@]}" "$target" "${folders[@]}" -- -max_total_time="$seconds" \
        -timeout=10 -rss_limit_mb=512 -max_len=16384 -print_final_stats=1 -verbosity=0
done
echo "== nothing found in $seconds seconds for each of ${#targets[@]} targets"

#!/usr/bin/env bash
# The same seeds are the same lives on every compiler: builds promise_simulation alone by g++ and
# clang, with and without optimisation, with and without ASan and UBSan, and runs each over the
# trace that tests/golden keeps. Called by `ops/prove simulation --builds`.
. "$(dirname "$0")/../../../ops/lib/common.sh"
. ops/lib/promises.sh

log=$(mktemp)
trap 'rm -f "$log"' EXIT
passed=0 failed=0
for preset in release debug clang clang-asan; do
  if [[ $preset = clang* ]]; then export CC=clang-19 CXX=clang++-19
  else export CC=gcc-12 CXX=g++-12
  fi
  build "$preset" -- promise_simulation
  set +e
  "build/$preset/promises/promise_simulation" --days 0 2>&1 | tee "$log"
  status=${PIPESTATUS[0]}
  set -e
  read -r p f _ < <(counts_of "$log" "$status")
  passed=$((passed + p)) failed=$((failed + f))
done
printf '\n%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ]

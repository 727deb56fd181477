# The parts of `ops/prove security` that build: twice the same, lint, sanitizers over all rooms.
# Sourced by run.sh.

# build_copy <folder>: the committed tree, built there without a compiler's cache.
build_copy() {
  mkdir -p "$1"
  git archive HEAD | tar -x -C "$1"
  (cd "$1" && CCACHE_DISABLE=1 CC=gcc-12 CXX=g++-12 cmake --preset release \
    -DOBVERSE_HEADERS_ALONE=OFF >/dev/null 2>&1 &&
    CCACHE_DISABLE=1 cmake --build --preset release -j "$jobs" \
      --target obversed obverse obverse-audit >/dev/null 2>&1)
}

two_builds_are_one() {
  step "two builds in two folders"
  local each one two
  for each in one another/and/deeper; do
    build_copy "$work/$each" || { check "it builds in $each" 1; return; }
  done
  for each in obversed obverse obverse-audit; do
    one=$(sha256sum <"$work/one/build/release/bin/$each")
    two=$(sha256sum <"$work/another/and/deeper/build/release/bin/$each")
    check "$each is the same bytes" "$([ "$one" = "$two" ]; echo $?)" "$one $two"
  done
}

# As many files at a time as there are processors; clang-tidy reads the headers that the build
# has precompiled.
lint_is_clean() {
  step "clang-tidy, with -Wthread-safety's build of clang"
  build clang -DOBVERSE_HEADERS_ALONE=OFF -- schemas
  local file precompiled
  mapfile -t precompiled < <(ninja -C build/clang -t targets all |
    sed -n 's/\.pch: .*/.pch/p' | grep -vE '/(test_|fuzz_)')
  cmake --build --preset clang -j "$jobs" --target "${precompiled[@]}" >/dev/null
  mkdir -p "$work/lint"
  git ls-files 'ledger/*.cc' 'matcher/*.cc' 'replay/*.cc' >"$work/linted"
  # shellcheck disable=SC2016
  xargs -P "$jobs" -I{} bash -c '
    log=$1/lint/$(tr / _ <<<"$2")
    clang-tidy-19 --quiet -p build/clang "$2" >"$log" 2>/dev/null; echo $? >"$log.status"
  ' _ "$work" {} <"$work/linted"
  while read -r file; do
    local log
    log=$work/lint/$(tr / _ <<<"$file")
    check "$file" "$(cat "$log.status")" "$(grep -E 'warning:|error:' "$log" | head -3)"
  done <"$work/linted"
}

# test_all <preset>: every test program of it, each a check.
test_all() {
  local program log=$work/test.log status
  for program in "build/$1"/tests/test_*; do
    [ -x "$program" ] || continue
    status=0
    timeout --kill-after=10 3600 "$program" --color_output=no ${2+"$2"} >"$log" 2>&1 </dev/null ||
      status=$?
    check "$1: $(basename "$program")" "$status" \
      "$(grep -aE 'ERROR|WARNING: Thread|runtime error|error:' "$log" | head -3)"
  done
}

address_sanitizer_is_clean() {
  step "ASan and UBSan over every room"
  export ASAN_OPTIONS=detect_stack_use_after_return=1
  build clang-asan -DOBVERSE_SERVER=ON -DOBVERSE_HEADERS_ALONE=OFF -DOBVERSE_PROMISES=OFF
  test_all clang-asan
}

# What tries every byte in turn has one thread, and takes TSan far too long.
thread_sanitizer_is_clean() {
  step "TSan over every room"
  export TSAN_OPTIONS=ignore_noninstrumented_modules=1
  build tsan -DOBVERSE_SERVER=ON -DOBVERSE_HEADERS_ALONE=OFF -DOBVERSE_PROMISES=OFF
  test_all tsan '--run_test=!@exhaustive'
}

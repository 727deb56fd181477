# The promises of ops/lib/promises.txt and the measurements beside them: how each is built and run.
# Sourced by ops/prove and ops/test, after common.sh.

promises() { sed -e '/^#/d' -e '/^$/d' ops/lib/promises.txt | sed 's/ *| */|/g'; }
# What is measured and compared, and promises nothing by itself: name|program|what.
measurements() {
  cat <<'END'
laws|test_rules|the invariants over generated histories; an argument says how many
faces|faces|error rates on real faces (needs ../shared/data), no wrong debit
scan|match_bench|flat scan of 100,000 faces beside reading the same bytes
append|append_bench|the log beside RocksDB's own synced batch of the same bytes
decide|decide_bench|decisions a second, in memory
END
}

known() { [ -n "$(how_of "$1")" ]; }
how_of() { { promises; measurements; } | sed -n "s/^$1|\([^|]*\)|.*/\1/p"; }

prepare() {
  case "$(how_of "$1")" in
    script) . "tests/promises/$1/targets.sh"; build release -- "${targets[@]}" ;;
    program) build release -- "promise_$1" ;;
    *) build release -- "$(how_of "$1")" ;;
  esac
}

run_promise() {
  local name=$1
  shift
  if [ "${1-}" = --builds ] && [ -x "tests/promises/$name/builds.sh" ]; then
    "tests/promises/$name/builds.sh"
    return
  fi
  case "$(how_of "$name")" in
    script) "tests/promises/$name/run.sh" "$@" ;;
    program) "build/release/promises/promise_$name" "$@" ;;
    test_rules) RC_PARAMS="max_success=${1:-2000}" build/release/tests/test_rules ;;
    *) "build/release/benchmarks/$(how_of "$name")" "$@" ;;
  esac
}

# each_promise [options]: all of them; the closing line adds them up. A promise that does not close
# with its counts is one failure.
each_promise() {
  local name log passed=0 failed=0 skipped=0 p f s status worst=0
  install_packages
  export CC=gcc-12 CXX=g++-12
  log=$(mktemp)
  for name in $(promises | cut -d'|' -f1); do
    prepare "$name"
    step "$name $*"
    set +e
    run_promise "$name" "$@" 2>&1 | tee "$log"
    status=${PIPESTATUS[0]}
    set -e
    read -r p f s < <(counts_of "$log" "$status")
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
    [ "$status" = 0 ] || worst=1
  done
  rm -f "$log"
  printf '\n%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
  return $worst
}

# counts_of <output> <exit status>: passed failed skipped, from its last line.
counts_of() {
  local last p f s
  last=$(grep -aE '^[0-9]+ passed, [0-9]+ failed' "$1" | tail -1) || true  # may not be there
  p=$(sed -n 's/^\([0-9]*\) passed.*/\1/p' <<<"$last")
  f=$(sed -n 's/.* \([0-9]*\) failed.*/\1/p' <<<"$last")
  s=$(sed -n 's/.* \([0-9]*\) skipped.*/\1/p' <<<"$last")
  if [ -z "$last" ] || { [ "$2" != 0 ] && [ "$f" = 0 ]; }; then f=$((${f:-0} + 1)); fi
  echo "${p:-0} ${f:-0} ${s:-0}"
}

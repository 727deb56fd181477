# Runs the test programs of a build and adds up what they report. Sourced by ops/test.
counts=$(mktemp) # passed, failed, skipped of each program, a line
reasons=$(mktemp)
trap 'rm -f "$counts" "$reasons"' EXIT
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_stack_use_after_return=1}
# Debian's libraries are not instrumented: what happens inside them is not ours to judge.
export TSAN_OPTIONS=${TSAN_OPTIONS:-ignore_noninstrumented_modules=1}

# Generated histories are the same in every run; RC_PARAMS="seed=N max_success=5000" explores
# others.
export RC_PARAMS=${RC_PARAMS:-seed=20261122}

# A program that hangs is ended, named, and counted as failed.
test_seconds_max=${OBVERSE_TEST_SECONDS:-900}

number() { sed -n "s/.*$1=\"\([0-9]*\)\".*/\1/p" "$2" | head -1; }

# run_one <preset> <program> [which tests]: counts its cases; a program that dies or reports nothing
# is a failure.
run_one() {
  local name report log began=$SECONDS ok
  name=$1/$(basename "$2")
  report=$(mktemp) log=$(mktemp)
  set +e
  timeout --kill-after=10 "$test_seconds_max" "$2" --report_format=XML --report_level=short \
    --report_sink="$report" --log_level=unit_scope --color_output=no ${3+--run_test="$3"} \
    >"$log" 2>&1 </dev/null
  ok=$?
  set -e
  local p f s w
  p=$(number test_cases_passed "$report")
  w=$(number test_cases_passed_with_warnings "$report")
  f=$(number test_cases_failed "$report")
  s=$(number test_cases_skipped "$report")
  if [ -z "$p" ] || { [ $ok != 0 ] && [ "${f:-0}" = 0 ]; }; then
    f=$((${f:-0} + 1))
  fi
  p=$((${p:-0} + ${w:-0})) f=${f:-0} s=${s:-0}
  echo "$p $f $s" >>"$counts"
  printf '%-40s %4d passed %3d failed %3d skipped  %3d s\n' \
    "$name" "$p" "$f" "$s" $((SECONDS - began))
  grep -E 'skipped because' "$log" | sed -e "s|^.*Test case|  $name:|" \
    -e 's|because disabled|because it has one thread: it ran in the other builds|' >>"$reasons" ||
    true
  if [ "$ok" = 124 ]; then
    printf '    it was ended after %d s, in: ' "$test_seconds_max"
    grep 'Entering test case' "$log" | tail -1 | sed 's/.*test case //'
  fi
  if [ "$f" != 0 ]; then
    grep -vE 'Entering test|Leaving test|skipped because' "$log" | tail -60 | sed 's/^/    /' ||
      true
  fi
  rm -f "$report" "$log"
}

# run_tests <preset> [which tests]: every test program of that build, one at a time: some of them
# measure what a neighbour costs.
run_tests() {
  local preset=$1 program
  shift
  step "testing $preset${1+, only $1}"
  for program in "build/$preset"/tests/test_*; do
    [ -x "$program" ] && run_one "$preset" "$program" "$@"
  done
}

# run_tests_together <preset> [which tests]: the same for what is only asked whether it is right:
# as many at a time as there are cores.
run_tests_together() {
  local preset=$1 program
  shift
  step "testing $preset, $jobs programs at a time${1+, only $1}"
  for program in "build/$preset"/tests/test_*; do
    while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do wait -n || true; done
    [ -x "$program" ] && { said=$(run_one "$preset" "$program" "$@"); echo "$said"; } &
  done
  wait
}

# These ask nothing of a clock: as many at a time as there are cores. The others measure, alone.
promises_together=" simulation flip power-loss disk-full erasure fuzz security "

# One promise in its short form, on the release build, with the seed of the suite.
run_promise_short() {
  local name=$1 log p f s status began=$SECONDS
  log=$(mktemp)
  set +e
  timeout --kill-after=10 "$test_seconds_max" bash -c \
    '. ops/lib/common.sh; . ops/lib/promises.sh; run_promise "$@"' _ "$name" --short \
    --seed 20261122 >"$log" 2>&1 </dev/null
  status=$?
  set -e
  read -r p f s < <(counts_of "$log" "$status")
  echo "$p $f $s" >>"$counts"
  printf '%-40s %4d passed %3d failed %3d skipped  %3d s\n' \
    "promise/$name" "$p" "$f" "$s" $((SECONDS - began))
  grep -aE -A1 '^  skipped: ' "$log" | grep -v '^--' >>"$reasons" || true
  if [ "$f" != 0 ]; then tail -40 "$log" | sed 's/^/    /'; fi
  rm -f "$log"
}

run_promises() {
  local name
  step "promises, in their short form: $jobs at a time where no clock is asked"
  for name in $(promises | cut -d'|' -f1); do
    [[ $promises_together = *" $name "* ]] || continue
    while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do wait -n || true; done
    { said=$(run_promise_short "$name"); echo "$said"; } &
  done
  wait
  step "promises that measure, one at a time"
  for name in $(promises | cut -d'|' -f1); do
    [[ $promises_together = *" $name "* ]] || run_promise_short "$name"
  done
}

closing_line() {
  if [ -s "$reasons" ]; then
    step "skipped, and why"
    sort -u "$reasons"
  fi
  local passed failed skipped
  read -r passed failed skipped < <(
    awk '{p += $1; f += $2; s += $3} END {print p + 0, f + 0, s + 0}' "$counts")
  printf '\n%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
  [ "$failed" = 0 ] && [ "$passed" -gt 0 ]
}

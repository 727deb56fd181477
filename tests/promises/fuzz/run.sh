#!/usr/bin/env bash
# ops/prove fuzz: the corpus again in the release build, then every target under libFuzzer with
# ASan and UBSan, as many at a time as there are processors, then how many of the decoders' lines
# the corpus reaches.
#   --seconds N   under libFuzzer, each target [60]
#   --hours H     how long all of it takes
#   --target T    this one only
#   --jobs J      so many at a time
# All other options are those of build/release/promises/promise_fuzz; with --short, --mutant or
# --help it alone runs.
. "$(dirname "$0")/../../../ops/lib/common.sh"

seconds=60 hours='' only='' rest=() alone='' at_once=$jobs
while [ $# -gt 0 ]; do
  case "$1" in
    --seconds) seconds=$2; shift ;;
    --hours) hours=$2; shift ;;
    --target) only=$2; shift ;;
    --jobs) at_once=$2; shift ;;
    --short | --mutant | --help) alone=yes; rest+=("$1") ;;
    *) rest+=("$1") ;;
  esac
  shift
done
replay=build/release/promises/promise_fuzz
if [ "$alone" ]; then
  [ "${rest[0]}" = --help ] && sed -n '2,10s/^# \{0,1\}//p' "$0"
  exec "$replay" "${rest[@]}"
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0
check() { # check <what> <status>
  if [ "$2" = 0 ]; then
    passed=$((passed + 1))
    printf '  ok      %s\n' "$1"
  else
    failed=$((failed + 1))
    printf '  FAILED  %s\n' "$1"
  fi
}

step "the corpus, in the release build"
status=0
"$replay" "${rest[@]}" || status=$?
check "the corpus holds" "$status"

build fuzz -- fuzz
fuzz=build/fuzz/fuzz
# Without a target it names them all, and fails.
names=$({ LLVM_PROFILE_FILE=/dev/null "$fuzz" 2>&1 || true; } |
  sed -n 's/^  \([a-z0-9_]*\) .*/\1/p')
[ "$only" ] && names=$only
count=$(wc -w <<<"$names")
[ "$at_once" -le "$count" ] || at_once=$count
[ "$hours" ] && seconds=$((hours * 3600 * at_once / count))

# What libFuzzer says goes to NAME.log, how it ended to NAME.status, last. What it found is kept
# where the corpus is.
fuzz_one() {
  local name=$1 status=0
  mkdir -p "$work/found/$name"
  LLVM_PROFILE_FILE=/dev/null timeout $((seconds + 120)) "$fuzz" --target="$name" \
    -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="$work/$name-" "$work/found/$name" "tests/fuzz/corpus/$name" \
    >"$work/$name.log" 2>&1 &
  # shellcheck disable=SC2064
  trap "kill $! 2>/dev/null" TERM
  wait $! || status=$?
  echo "$status" >"$work/$name.status"
}
tell_one() {
  local name=$1 log=$work/$1.log status runs
  status=$(cat "$work/$name.status" 2>/dev/null || echo 1)
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log" 2>/dev/null || true)
  total=$((total + ${runs:-0}))
  check "$name: ${runs:-no} inputs in $seconds s" "$status"
  [ "$status" = 0 ] && return
  { grep -aE 'ERROR|does not hold|Assert|runtime error|what\(\):' "$log" || true; } |
    head -5 | sed 's/^/          /'
  mkdir -p var/fuzz
  cp "$work/$name-"* var/fuzz/ 2>/dev/null || true
  printf '          kept in var/fuzz; again: %s --target=%s FILE\n' "$fuzz" "$name"
}
# As many at a time as may be; told in order, each as soon as it and those before it have ended.
fuzz_all() {
  local name running=0
  # shellcheck disable=SC2046
  trap 'kill $(jobs -p) 2>/dev/null; exit 1' TERM
  for name in $names; do
    [ "$running" -lt "$at_once" ] || { wait -n || true; running=$((running - 1)); }
    fuzz_one "$name" &
    running=$((running + 1))
  done
  wait
}
step "$count targets under libFuzzer, $seconds s each, $at_once at a time"
total=0
fuzz_all &
fuzzing=$!
trap 'kill $fuzzing 2>/dev/null || true; rm -rf "$work"' EXIT
for name in $names; do
  while [ ! -s "$work/$name.status" ] && kill -0 "$fuzzing" 2>/dev/null; do sleep 0.2; done
  tell_one "$name"
done
wait "$fuzzing" || true
printf '  %d inputs in all\n' "$total"
[ "$only" ] && { printf '\n%d passed, %d failed\n' "$passed" "$failed"; exit $((failed != 0)); }

step "lines of the decoders that the corpus and what was found reach"
for name in $names; do
  LLVM_PROFILE_FILE=$work/$name.profraw "$fuzz" --target="$name" -runs=0 \
    -artifact_prefix="$work/" "tests/fuzz/corpus/$name" "$work/found/$name" >/dev/null 2>&1 || true
done
llvm-profdata-19 merge -o "$work/all.profdata" "$work"/*.profraw
# The program names its sources as the compiler was told to, so they are chosen here. One that the
# report does not know counts as a line that was missed.
llvm-cov-19 report "$fuzz" -instr-profile="$work/all.profdata" 2>/dev/null |
  awk 'NR == FNR { if ($1 !~ /^#/) wanted[$1]; next }
    $8 ~ /^[0-9]+$/ { sub(/^.*\/\.\//, "", $1); lines[$1] = $8; missed[$1] = $9 }
    END {
      for (name in wanted) {
        if (!(name in lines)) lines[name] = missed[name] = 1
        printf "  %-44s %5d lines %4d missed\n", name, lines[name], missed[name]
      }
    }' tests/promises/fuzz/decoders.txt - | sort | tee "$work/report"
share=$(awk '{all += $2; none += $4} END {print int((all - none) * 1000 / all)}' "$work/report")
status=0
[ "${share:-0}" -ge 950 ] || status=1
check "at least 95 % of the decoders' lines: $((${share:-0} / 10)).$((${share:-0} % 10)) %" $status
printf '\n%d passed, %d failed\n' "$passed" "$failed"
exit $((failed != 0))

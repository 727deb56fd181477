#!/usr/bin/env bash
# ops/prove security: the service unit's score, hardened programs, a bill of materials that covers
# every library, and secrets that are found nowhere. The long form besides: two builds in two
# folders are the same bytes; clang-tidy, ASan with UBSan and TSan over everything are clean.
#   --short         without the builds of the long form
#   --only PART     unit, programs, materials, locks, planted, twice, lint, asan, tsan
#   --mutant NAME   unit-soft, program-soft, materials-short, lock-forgotten, log-talks, or all:
#                   must be caught
#   --seed N        taken and not used: nothing here is drawn
. "$(dirname "$0")/../../../ops/lib/common.sh"

short='' only='' mutant='' bin=build/release/bin
while [ $# -gt 0 ]; do
  case "$1" in
    --short) short=yes ;;
    --only) only=$2; shift ;;
    --mutant) mutant=$2; shift ;;
    --seed) shift ;;
    --json) ;;
    --help) sed -n '2,10s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) sed -n '2,10s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
  esac
  shift
done
work=$(mktemp -d)
server=''
leave() {
  [ -n "$server" ] && kill -KILL "$server" 2>/dev/null
  rm -rf "$work"
}
trap leave EXIT
passed=0 failed=0 skipped=0
check() { # check <what> <status> [detail]
  if [ "$2" = 0 ]; then
    passed=$((passed + 1))
    printf '  ok      %s\n' "$1"
  else
    failed=$((failed + 1))
    printf '  FAILED  %s\n' "$1"
    [ -n "${3-}" ] && printf '          %s\n' "$3"
  fi
  return 0
}
skip() {
  skipped=$((skipped + 1))
  printf '  skipped: %s\n          %s\n' "$1" "$2"
}
. tests/promises/security/planted.sh
. tests/promises/security/builds.sh

unit_is_confined() {
  step "the service unit"
  local unit=$work/obversed.service score
  cp ops/obversed.service "$unit"
  if [ "$mutant" = unit-soft ]; then
    sed -i -e '/^CapabilityBoundingSet/d' -e '/^SystemCallFilter/d' -e '/^DynamicUser/d' "$unit"
  fi
  score=$(systemd-analyze security --offline=true "$unit" |
    sed -n 's/.*exposure level for .*: \([0-9.]*\) .*/\1/p')
  check "systemd scores the unit ${score:-not at all}, at most 1.0" \
    "$(awk -v s="${score:-99}" 'BEGIN {print (s > 1.0)}')"
}

# One check a property of an ELF file.
program_is_hardened() {
  local file=$1 name headers dynamic symbols
  name=$(basename "$file")
  headers=$(readelf -hlW "$file") dynamic=$(readelf -dW "$file") symbols=$(readelf -sW "$file")
  check "$name: loaded anywhere (PIE)" "$(grep -qE 'Type: +DYN' <<<"$headers"; echo $?)"
  check "$name: relocations read-only" "$(grep -q GNU_RELRO <<<"$headers"; echo $?)"
  check "$name: all bound at the start" \
    "$(grep -qE '\(FLAGS\).*BIND_NOW|FLAGS_1.*NOW' <<<"$dynamic"; echo $?)"
  check "$name: no executable stack" "$(grep -qE 'GNU_STACK.* RW ' <<<"$headers"; echo $?)"
  check "$name: nothing writable and executable" \
    "$(grep -E 'LOAD' <<<"$headers" | grep -q 'RWE'; [ $? = 1 ]; echo $?)"
  check "$name: stack protector" "$(grep -q __stack_chk_fail <<<"$symbols"; echo $?)"
  check "$name: checked library calls" "$(grep -qE '__[a-z]+_chk@' <<<"$symbols"; echo $?)"
  check "$name: no search path of its own" \
    "$(grep -qE 'R(UN)?PATH' <<<"$dynamic"; [ $? = 1 ]; echo $?)"
}

programs_are_hardened() {
  step "the programs"
  if [ "$mutant" = program-soft ]; then
    printf '%s\n' '#include <cstring>' 'int main(int n, char** words) {' \
      '  char word[9]; std::strcpy(word, words[0]); return word[n]; }' >"$work/soft.cc"
    "${CXX:-g++-12}" -no-pie -O2 -fno-stack-protector -U_FORTIFY_SOURCE -z norelro -z lazy \
      -z execstack "$work/soft.cc" -o "$work/soft"
    program_is_hardened "$work/soft"
    return
  fi
  local each
  for each in obversed obverse obverse-audit; do program_is_hardened "$bin/$each"; done
}

materials_are_listed() {
  step "the bill of materials"
  local bill=$work/bill.json library missing=''
  ops/sbom "$bin" >"$bill"
  if [ "$mutant" = materials-short ]; then sed -i 's|/librocksdb|/libother|' "$bill"; fi
  check "it is CycloneDX 1.5" "$(node -e '
    const bill = JSON.parse(require("fs").readFileSync(process.argv[1]));
    const whole = bill.bomFormat === "CycloneDX" && bill.specVersion === "1.5" &&
      bill.components.every((c) => c.name && c.version && /^[0-9a-f]{64}$/.test(c.hashes[0].content)
        && (c.type !== "library" || c.purl.startsWith("pkg:deb/debian/")));
    process.exit(whole ? 0 : 1)' "$bill"; echo $?)"
  # What the loader itself says it maps, which is not how the bill was made.
  for each in obversed obverse obverse-audit; do
    LD_TRACE_LOADED_OBJECTS=1 "$bin/$each" | grep -o '/[^ ]*' >>"$work/mapped"
  done
  for library in $(sort -u "$work/mapped"); do
    grep -qF "\"name\": \"$library\"" "$bill" || missing+=" $library"
  done
  check "it covers all $(sort -u "$work/mapped" | wc -l) libraries" \
    "$([ -z "$missing" ]; echo $?)" "missing:$missing"
}

# What is guarded is touched under its lock only: every build by clang proves it, and here is seen
# that it would not let the contrary pass.
locks_are_proven() {
  step "the locks"
  local lock='const Lock lock(mutex); ' said status=0
  if [ "$mutant" = lock-forgotten ]; then lock=''; fi
  if ! command -v clang++-19 >/dev/null; then
    skip "the analysis of locks" "there is no clang++-19"
    return
  fi
  printf '%s\n' '#include "threads/lock.h"' 'using namespace obverse;' 'struct Till {' \
    '  Mutex mutex; int money GUARDED_BY(mutex) = 0;' "  void pay() { $lock++money; } };" \
    >"$work/till.cc"
  said=$(clang++-19 -std=c++23 -I. -fsyntax-only -Wthread-safety -Werror "$work/till.cc" 2>&1) ||
    status=$?
  check "what is guarded is touched under its lock" "$status" "$(head -1 <<<"$said")"
  check "every room is compiled with this analysis" \
    "$(grep -q 'Clang>:-Wthread-safety' cmake/rooms.cmake; echo $?)"
  check "no lock of the standard library is used beside" \
    "$(grep -rlE 'std::(mutex|shared_mutex|condition_variable)' ledger matcher replay; [ $? = 1 ]
      echo $?)"
}

part() { # part <name> <function>
  [ -z "$only" ] || [ "$only" = "$1" ] || return 0
  "$2"
}
run_parts() {
  part unit unit_is_confined
  part programs programs_are_hardened
  part materials materials_are_listed
  part locks locks_are_proven
  part planted planted_secrets
  [ "$short" ] && [ -z "$only" ] && return
  part twice two_builds_are_one
  part lint lint_is_clean
  part asan address_sanitizer_is_clean
  part tsan thread_sanitizer_is_clean
}

# The checks of the part that a defect concerns: at least one must fail.
expect_caught() {
  local part
  mutant=$1
  case "$1" in
    unit-soft) part=unit_is_confined ;;
    program-soft) part=programs_are_hardened ;;
    materials-short) part=materials_are_listed ;;
    lock-forgotten) part=locks_are_proven ;;
    log-talks) part=planted_secrets ;;
    *) die "no defect is called $1" "see ops/prove security --help" ;;
  esac
  local before=$passed was=$failed caught
  "$part"
  caught=$((failed - was))
  passed=$before failed=$was
  check "$1 is caught, by $caught checks" "$((caught == 0))"
}

if [ "$mutant" = all ]; then
  for each in unit-soft program-soft materials-short lock-forgotten log-talks; do
    expect_caught $each
  done
elif [ -n "$mutant" ]; then
  expect_caught "$mutant"
else
  run_parts
fi
printf '\n%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]

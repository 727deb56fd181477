# Shared by ops/run, ops/test and ops/prove: where things are, how to speak, how to install and
# build. Sourced, not run.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root"
export OBVERSE_SHARED=${OBVERSE_SHARED:-$root/../shared}
jobs=${OBVERSE_JOBS:-$(nproc)}
started=$SECONDS

say() { printf '%s\n' "$*"; }
step() {
  local took=$((SECONDS - started))
  printf '\n== %s  [%d:%02d]\n' "$*" $((took / 60)) $((took % 60))
}
die() {
  printf 'error: %s\n' "$1" >&2
  [ $# -gt 1 ] && printf 'way out: %s\n' "$2" >&2
  exit 1
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null; then sudo "$@"
  else
    die "installing packages needs root" "be root, or install what ops/lib/packages.txt lists"
  fi
}

# Installs what is missing; asks no package server where nothing is.
install_packages() {
  command -v dpkg-query >/dev/null || die "this is not a Debian system" "use Debian 12 (bookworm)"
  local wanted missing=() each
  wanted=$(grep -v '^#' ops/lib/packages.txt)
  command -v npm >/dev/null || wanted="$wanted npm"
  for each in $wanted; do
    dpkg-query -W -f '${Status}' "$each" 2>/dev/null | grep -q 'ok installed' || missing+=("$each")
  done
  # A Node.js that was installed by other means serves as well.
  if command -v node >/dev/null; then missing=("${missing[@]/#nodejs/}"); fi
  # shellcheck disable=SC2206
  missing=(${missing[*]-})
  [ ${#missing[@]} = 0 ] && return 0
  step "installing ${#missing[@]} packages"
  export DEBIAN_FRONTEND=noninteractive
  as_root apt-get update -q >/dev/null ||
    die "apt-get update failed" "check the network and /etc/apt/sources.list"
  as_root apt-get install -y -q --no-install-recommends "${missing[@]}" >/dev/null ||
    die "installing failed: ${missing[*]}" "run: apt-get install ${missing[*]}"
}

# build <preset> [cmake options...] -- [targets...]
build() {
  local preset=$1 options=()
  shift
  while [ $# -gt 0 ] && [ "$1" != -- ]; do options+=("$1"); shift; done
  [ $# -gt 0 ] && shift
  step "building $preset"
  cmake --preset "$preset" "${options[@]}" >"build-$preset.log" 2>&1 ||
    { tail -20 "build-$preset.log"; die "configuring $preset failed" "see build-$preset.log"; }
  cmake --build --preset "$preset" -j "$jobs" ${1+--target "$@"} >>"build-$preset.log" 2>&1 ||
    {
      grep -A6 -E 'error:|FAILED' "build-$preset.log" | head -40
      die "building $preset failed" "see build-$preset.log"
    }
  rm -f "build-$preset.log"
}

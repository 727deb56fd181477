# What `ops/prove fuzz` needs of the release build; the preset `fuzz` it builds itself. Sourced.
# shellcheck disable=SC2034
targets=(promise_fuzz)

# What `ops/prove security` needs of the release build; its other builds it makes itself. Sourced.
# shellcheck disable=SC2034
targets=(obversed obverse obverse-audit)

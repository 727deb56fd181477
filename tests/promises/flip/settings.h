// The settings that obversed reads, sealed by their operator, and what a start with damaged ones
// says.
#pragma once

#include <filesystem>

#include "tests/promises/flip/judge.h"
#include "tests/promises/flip/yard.h"

namespace obverse::flip {

// FOLDER/settings/: obverse.toml and its seal, certificates, keys, and a vault under the
// key-encryption key.
void make_settings(const std::filesystem::path& folder);

// Paths begin with "settings/".
std::vector<Case> cases_of_settings(const Image& settings, std::uint64_t seed, std::uint64_t step);

// As obversed starts, up to where it would open the log.
Verdict judge_settings(const Case& one, Yard& yard, const Image& settings, bool seal);

}  // namespace obverse::flip

// For clang only, before everything else: the comparisons that Cap'n Proto 0.9 leaves to C++20's
// rewriting, which clang (by P2468) does not do beside a declared operator!=. The library's own
// file declares them for older standards.
#pragma once

#include <kj/string.h>

namespace kj {

inline bool operator==(const char* a, const StringPtr& b) { return b == StringPtr(a); }
inline bool operator!=(const char* a, const StringPtr& b) { return b != StringPtr(a); }

}  // namespace kj

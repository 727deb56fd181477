// Whether bytes are the canonical form of a Cap'n Proto message, found by walking both at once:
// nothing is measured, allocated or copied, as it would be to make that form and compare.
#pragma once

#include <capnp/common.h>
#include <kj/common.h>

namespace obverse {

// `built` is one whole segment as a message builder leaves it: objects anywhere, structs at their
// full sizes. `words` can be anything. True if and only if capnp::canonicalize(built) == words:
// every object where the one before it ends, in the order of the pointers, structs without zeros at
// the end of their data and without null pointers at the end of those, and nothing else.
bool is_canonical_form(kj::ArrayPtr<const capnp::word> words,
                       kj::ArrayPtr<const capnp::word> built);

}  // namespace obverse

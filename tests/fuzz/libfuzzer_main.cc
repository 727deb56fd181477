// The door of libFuzzer: `fuzz --target=NAME [--defect=NAME] [libFuzzer's own options] [corpus]`.
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "tests/fuzz/target.h"

namespace {

const obverse::fuzz::Target* chosen = nullptr;

const char* value_of(const char* argument, const char* name) {
  const std::size_t length = std::strlen(name);
  return std::strncmp(argument, name, length) == 0 ? argument + length : nullptr;
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
  using namespace obverse::fuzz;
  for (int i = 1; i < *count; ++i) {
    if (const char* name = value_of((*arguments)[i], "--target=")) chosen = find_target(name);
    if (const char* name = value_of((*arguments)[i], "--defect=")) break_as(name);
  }
  if (chosen != nullptr) return 0;
  std::fputs("name one with --target=NAME:\n", stderr);
  for (const Target& each : targets()) std::fprintf(stderr, "  %-18s %s\n", each.name, each.holds);
  std::exit(2);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
  if (count > chosen->bytes_max) return -1;
  try {
    chosen->run({bytes, count});
  } catch (const obverse::fuzz::Broken& broken) {
    std::fprintf(stderr, "%s: does not hold: %s\n", chosen->name, broken.what());
    std::abort();
  }
  return 0;
}

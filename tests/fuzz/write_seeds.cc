// Writes the seeds of every target, made of real values, into corpus folders: `fuzz_seeds FOLDER`.
// Once, when a target is new; what libFuzzer found worth keeping lies beside them.
#include <cstdio>
#include <fstream>

#include "tests/fuzz/target.h"

int main(int count, char** arguments) {
  using namespace obverse::fuzz;
  if (count != 2) {
    std::fputs("usage: fuzz_seeds FOLDER\n", stderr);
    return 2;
  }
  for (const Target& target : targets()) {
    const auto folder = std::filesystem::path(arguments[1]) / target.name;
    std::filesystem::create_directories(folder);
    int number = 0;
    for (const std::string& seed : target.seeds()) {
      if (seed.size() > target.bytes_max) continue;
      std::ofstream(folder / ("seed-" + std::to_string(number++)), std::ios::binary) << seed;
    }
    std::printf("%-18s %d\n", target.name, number);
  }
}

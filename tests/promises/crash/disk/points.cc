#include "tests/promises/crash/disk/points.h"

#include <unistd.h>

#include <csignal>
#include <cstdlib>

namespace obverse::mortal {

std::string_view kind_of(std::string_view path) {
  const auto in = [path](std::string_view folder) {
    return path.find(folder) != std::string_view::npos;
  };
  if (in("/log/rocks/")) {
    if (path.ends_with(".log")) return "wal";
    if (path.ends_with(".sst")) return "table";
    if (in("/MANIFEST-") || in("/CURRENT") || path.ends_with(".dbtmp")) return "manifest";
    return "";
  }
  if (in("/log/tail/")) return "tail";
  if (in("/log/snapshots/")) return "snapshot";
  if (in("/vault/keys.")) return "keys";
  if (in("/vault/records.")) return "records";
  return "";
}

Death::Death() {
  const char* const words = std::getenv("OBVERSE_DIE_AT");
  if (words == nullptr) return;
  const std::string_view said(words);
  const auto colon = said.rfind(':');
  if (colon == std::string_view::npos) return;
  point_ = said.substr(0, colon);
  left_ = std::strtoll(words + colon + 1, nullptr, 10);
}

void Death::pass(const char* moment, std::string_view kind, const char* operation) {
  if (point_.empty() || kind.empty()) return;
  std::string name = std::string(moment) + "-" + std::string(kind);
  if (*operation != '\0') name.append("-").append(operation);
  if (name != point_ || --left_ != 0) return;
  ::kill(::getpid(), SIGKILL);
  for (;;) ::pause();
}

}  // namespace obverse::mortal

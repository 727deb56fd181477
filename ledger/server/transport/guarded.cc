// Incident ids are random: they tell a caller nothing, not even how many there were.
#include "ledger/server/transport/guarded.h"

#include <spdlog/spdlog.h>

#include <random>

namespace obverse {
namespace {

constexpr std::size_t cause_bytes_max = 400;
constexpr std::size_t id_digits = 16;
constexpr kj::StringPtr prefix = "incident "_kj;

std::string new_id() {
  std::random_device random;
  std::string id;
  while (id.size() < id_digits) id += "0123456789abcdef"[random() % 16];
  return id;
}

// One line, of bounded length: a peer may have chosen parts of it.
std::string printable(kj::StringPtr text) {
  std::string line;
  for (const char c : text) {
    if (line.size() == cause_bytes_max) break;
    line += c >= ' ' && c <= '~' ? c : '?';
  }
  return line;
}

}  // namespace

Incidents::Incidents()
    : Incidents([](const std::string& incident, const std::string& cause) {
        spdlog::error("incident {}: {}", incident, cause);
      }) {}

Incidents::Incidents(Sink sink) : sink_(std::move(sink)) {}

bool is_bare(kj::StringPtr description) {
  if (description.size() != prefix.size() + id_digits || !description.startsWith(prefix))
    return false;
  for (const char c : description.slice(prefix.size())) {
    if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) return false;
  }
  return true;
}

kj::Exception Incidents::bare(const kj::Exception& cause) const {
  if (is_bare(cause.getDescription()) && cause.getContext() == nullptr) return kj::cp(cause);
  const std::string id = new_id();
  sink_(id, printable(cause.getDescription()));
  return kj::Exception(cause.getType(), "", 0, kj::str(prefix, id.c_str()));
}

}  // namespace obverse

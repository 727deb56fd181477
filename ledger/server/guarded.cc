// Incident ids are random: they tell a caller nothing, not even how many there were.
#include "ledger/server/guarded.h"

#include <openssl/rand.h>
#include <spdlog/spdlog.h>

#include <array>
#include <stdexcept>

namespace obverse {
namespace {

constexpr std::size_t cause_bytes_max = 400;
constexpr std::size_t id_digits = 16;
constexpr kj::StringPtr prefix = "incident "_kj;

std::string new_id() {
  std::array<unsigned char, id_digits / 2> random{};
  if (RAND_bytes(random.data(), random.size()) != 1) throw std::runtime_error("no randomness");
  std::string id;
  for (const unsigned char byte : random) {
    id += "0123456789abcdef"[byte >> 4];
    id += "0123456789abcdef"[byte & 15];
  }
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

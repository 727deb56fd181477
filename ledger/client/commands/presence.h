// Who stands at this desk's camera or keypad, as options of a command and as the wire says it.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

#include "ledger/client/commands/session.h"
#include "ledger/model/ids.h"
#include "ledger/model/money.h"
#include "schemas/common.capnp.h"

namespace obverse {

struct Shown {
  std::string face_file;  // float32 rows; empty if no face is shown
  std::size_t row = 0;
  std::string capture = "good";
  std::uint64_t claimed = 0;  // 1:1 with this rider's face; 0 searches everybody
  std::uint64_t account = 0;  // with the PIN
  std::string pin;            // its digits; empty: they are read from where this says
  std::string pin_from = "-";
};

void add_presence(CLI::App&, Shown&);
// Throws CommandFailed where neither face nor PIN is given, or the file has no such row.
void fill(rpc::Presence::Builder, const Shown&, const Session&);
void fill(rpc::Probe::Builder, const std::string& vector, const std::string& model,
          const std::string& capture);
void fill(rpc::AttemptKey::Builder, const AttemptKey&);
void fill(rpc::Money::Builder, std::int64_t minor, const std::string& currency);
Currency known_currency(const std::string& alphabetic);  // throws CommandFailed

// --attempt, or a new key.
AttemptKey chosen_attempt(const std::string& given);

}  // namespace obverse

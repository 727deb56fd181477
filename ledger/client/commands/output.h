// What a command shows: words for people, or one JSON object a line for programs (--json).
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "ledger/client/commands/settings.h"
#include "schemas/common.capnp.h"
#include "schemas/terminal.capnp.h"

namespace obverse {

using Json = nlohmann::ordered_json;

// The outcome as an object: {"outcome": "paid", ..., "receipt": {...}} or {"outcome": "refused",
// "reason": ...}.
Json to_json(rpc::Money::Reader);
Json to_json(rpc::Receipt::Reader);
Json to_json(rpc::Refusal::Reader);
Json to_json(rpc::Outcome::Reader);
Json to_json(rpc::GateOutcome::Reader);
Json to_json(rpc::PayOutcome::Reader);

std::string hex_of(capnp::Data::Reader);

// For people, one "name: value" a line, nested names indented; amounts as people write them.
std::string in_words(const Json&);

// For programs: one line. Bytes that are no UTF-8 are a server's words too: they are replaced.
std::string json_line(const Json&);

// Prints the object and gives the exit status that belongs to it.
Ended show(const Settings&, const Json&);

}  // namespace obverse

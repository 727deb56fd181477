// What verbs share: their attempt key, and how the ledger is asked and its outcome shown.
#pragma once

#include <string>

#include "ledger/client/commands/commands.h"
#include "ledger/client/commands/output.h"
#include "ledger/client/commands/presence.h"
#include "ledger/client/commands/session.h"

namespace obverse {

// A verb with --attempt.
CLI::App* add_verb(CLI::App& noun, std::string& attempt, const char* name, const char* words);

// The connection was lost after the question was sent: says how to learn what became of it.
CommandFailed answer_lost(const AttemptKey&, const kj::Exception&);

// Sends the request under that attempt, or a new one, and shows its outcome.
template <class Request>
Ended send(Run& run, Session& session, Request request, const std::string& attempt) {
  const AttemptKey key = chosen_attempt(attempt);
  fill(request.initAttempt(), key);
  try {
    const auto response = request.send().wait(session.wait_scope());
    session.saw(response.getOutcome().getReceipt());
    return show(run.settings, to_json(response.getOutcome()));
  } catch (const kj::Exception& failure) {
    throw answer_lost(key, failure);
  }
}

}  // namespace obverse

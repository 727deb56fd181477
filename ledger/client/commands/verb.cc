#include "ledger/client/commands/verb.h"

#include "ledger/client/commands/attempt.h"

namespace obverse {

CLI::App* add_verb(CLI::App& noun, std::string& attempt, const char* name, const char* words) {
  CLI::App* verb = noun.add_subcommand(name, words);
  verb->add_option("--attempt", attempt,
                   "attempt key (UUIDv7); the same key gives the same answer for ever");
  return verb;
}

CommandFailed answer_lost(const AttemptKey& key, const kj::Exception& failure) {
  return {Ended::unreachable,
          std::string("the answer was lost (") + failure.getDescription().cStr() +
              "); it may have been done all the same: ask again with --attempt " + text(key) +
              ", which does nothing twice"};
}

}  // namespace obverse

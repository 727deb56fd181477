#include "ledger/engine/free_text.h"

#include "ledger/model/card_number.h"
#include "ledger/wire/free_text.h"

namespace obverse {

// Where somebody shows a face, all words are the server's own, and time is short.
bool says_card_number(const Command& command) {
  return std::visit(
      []<class One>(const One& one) {
        if constexpr (requires { one.presence; })
          return false;
        else
          return any_text(one, [](std::string_view text) { return holds_card_number(text); });
      },
      command);
}

}  // namespace obverse

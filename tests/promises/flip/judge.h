// Opens a damaged directory as obversed does, and says what became of it: nothing that the log or
// the vault held may be gone or different without a word.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "tests/promises/flip/damage.h"

namespace obverse::flip {

enum class Fate : std::uint8_t {
  unharmed,     // all is equal, and nothing was said
  repaired,     // all is equal, and it was said what was repaired
  refused,      // it does not start, and says where and why
  told,         // it starts, and says which secrets are not as the log knows them
  rolled_back,  // it starts as of an older day, and a receipt given since proves it
  silent,       // something is gone or different, and nobody is told
  aborted,      // the process died of it, or hung
};
const char* name_of(Fate fate);

struct Verdict {
  Fate fate = Fate::unharmed;
  std::string words;
};

// A defect that the promise must catch.
enum class Mutant : std::uint8_t {
  none,
  no_tail,
  snapshot_unchecked,
  vault_one_copy,
  no_seal,
  asserts,
  no_offset,   // what a start says has no offsets
  no_position  // nor positions
};

class Judge {
 public:
  // Reads what must be there from an undamaged directory, on which it may write.
  Judge(std::filesystem::path data, std::filesystem::path kek, Mutant mutant);

  // `plainly`: as a start of every day; else one that verifies everything. `same_vault`: nobody has
  // touched the vault's files since the last time, and it is not read again.
  Verdict open(bool plainly, bool same_vault);

 private:
  struct Expected;
  struct Attempt;
  std::string wrong_with(Premises& premises) const;
  std::string secrets_wrong(Premises& premises) const;
  std::string news(Premises& premises) const;
  Verdict verdict_on(Premises& premises, bool plainly) const;
  RocksLogOptions options(bool plainly) const;
  Premises::Around around() const;

  std::filesystem::path data_, kek_;
  Mutant mutant_;
  std::shared_ptr<const Expected> expected_;
  std::shared_ptr<Vault> vault_;  // of the last time
};

}  // namespace obverse::flip

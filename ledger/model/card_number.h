// Card numbers are not wanted here. Whoever sends words that hold one is refused before anything of
// them is kept.
#pragma once

#include <string_view>

namespace obverse {

// Somewhere in it 12 to 19 digits follow each other that begin with no zero and pass the Luhn
// check; between two of them may stand one or two spaces, dashes, dots or underscores. Digits and
// spaces of double width are read as what they are. Of other numbers so long some pass too: they
// are refused.
bool holds_card_number(std::string_view text);

}  // namespace obverse

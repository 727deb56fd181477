#include "ledger/model/card.h"

#include <array>
#include <cassert>

namespace obverse {
namespace {

constexpr std::array<std::string_view, 8> names{
    "visa", "mastercard", "jcb", "american_express", "diners_club", "discover", "unionpay", "mir"};

}  // namespace

bool is_known(Scheme scheme) {
  const auto number = static_cast<std::size_t>(scheme);
  return number >= 1 && number <= names.size();
}

std::string_view name(Scheme scheme) {
  assert(is_known(scheme));
  return names[static_cast<std::size_t>(scheme) - 1];
}

}  // namespace obverse

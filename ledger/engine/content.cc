#include "ledger/engine/content.h"

#include <concepts>

#include "ledger/vault/sha256.h"
#include "ledger/wire/canonical.h"

namespace obverse {
namespace {

template <class One>
concept Shown = requires(One one) { one.presence; };

// The person named beside a PIN, or by a code, is part of the request; whether the PIN was right,
// and which PIN was in force, is not: it may have been changed before a lost answer is asked for
// again.
Presence claim_of(const Presence& presence) {
  Presence claim;
  if (presence.pin) claim.pin = PinCheck{presence.pin->rider, {}, false};
  if (presence.token) claim.token.emplace().token.rider = presence.token->token.rider;
  return claim;
}

// What a retry brings anew: what the vault was given for it under the next version; when it was
// asked.
template <class One>
concept Sealed = std::same_as<One, EnrolFace> || std::same_as<One, SetPin> ||
                 std::same_as<One, OpenOfflineBatch>;

EnrolFace without_secret(EnrolFace asked) {
  asked.face = {};
  asked.photos = 0;
  asked.sealed = {};
  asked.lookalikes.clear();
  return asked;
}
// What the terminal's clock says when it asks again is later.
OpenOfflineBatch without_secret(OpenOfflineBatch asked) {
  asked.said = {};
  return asked;
}
SetPin without_secret(SetPin asked) {
  asked.version = {};
  return asked;
}

}  // namespace

std::optional<Digest> action_of(const Command& command) {
  return std::visit(
      [](const auto& one) -> std::optional<Digest> {
        if constexpr (requires { one.action; }) return sha256(canonical(one.action));
        return std::nullopt;
      },
      command);
}

Digest content_of(const Command& command) {
  const auto bytes = std::visit(
      [&](const auto& one) {
        std::string out = canonical(static_cast<std::uint32_t>(command.index()));
        if constexpr (Shown<std::remove_cvref_t<decltype(one)>>) {
          auto asked = one;
          asked.presence = claim_of(one.presence);
          return out + canonical(asked);
        } else if constexpr (Sealed<std::remove_cvref_t<decltype(one)>>) {
          return out + canonical(without_secret(one));
        } else {
          return out + canonical(one);
        }
      },
      command);
  return sha256(bytes);
}

}  // namespace obverse

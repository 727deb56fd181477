// People at a desk: registration, consent, faces, PINs, wallets, loads, erasure.
#include <algorithm>

#include "ledger/model/limits.h"
#include "tests/promises/simulation/oracle/expected.h"

namespace obverse::oracle {
namespace {

std::string named(const char* what, RiderId rider) { return what + std::to_string(rider.value); }

}  // namespace

Expected expect(const Books& books, const Case&, const RegisterRider& asked) {
  const Person* guardian = asked.guardian ? books.person(*asked.guardian) : nullptr;
  if (asked.guardian && guardian == nullptr) return refuse(Refusal::rider_must_be_registered);
  const bool must = asked.category == Category::child && !books.broken("guardian_ignored");
  const bool is_adult = guardian != nullptr && guardian->category == Category::adult;
  if (guardian != nullptr ? !is_adult : must) return refuse(Refusal::guardian_must_be_linked);
  const RiderId rider{books.people.size() + 1};
  return agree(Registered{rider.value}, [=](Books& now) {
    now.people[rider].category = asked.category;
    now.people[rider].guardian = asked.guardian;
    now.did(named("registered rider ", rider), static_cast<int>(asked.category));
    if (asked.guardian)
      now.did(named("guardian of ", rider), static_cast<std::int64_t>(asked.guardian->value));
  });
}

Expected expect(const Books& books, const Case&, const AssignCategory& asked) {
  const Person* who = books.person(asked.rider);
  if (who == nullptr) return refuse(Refusal::rider_must_be_registered);
  const bool must = asked.category == Category::child && !books.broken("guardian_ignored");
  bool is_guardian = false;  // of a child
  for (const auto& [id, other] : books.people)
    is_guardian |= other.guardian == asked.rider && other.category == Category::child;
  if (must && (!who->guardian || is_guardian)) return refuse(Refusal::guardian_must_be_linked);
  if (must && books.person(*who->guardian)->category == Category::child)
    return refuse(Refusal::guardian_must_be_linked);
  return agree(Done{}, [=](Books& now) {
    now.people[asked.rider].category = asked.category;
    now.did(named("category of ", asked.rider), static_cast<int>(asked.category));
  });
}

Expected expect(const Books& books, const Case&, const GrantConsent& asked) {
  Trouble trouble;
  const Person* who = books.person(asked.rider);
  trouble.if_not(who != nullptr, who_asks, Refusal::rider_must_be_registered);
  if (asked.party.kind == Party::Kind::transit_operator)
    trouble.if_not(books.operators.contains({asked.party.id}), who_asks,
                   Refusal::operator_must_be_registered);
  if (asked.party.kind == Party::Kind::merchant)
    trouble.if_not(books.merchants.contains({asked.party.id}), who_asks,
                   Refusal::merchant_must_be_registered);
  if (who != nullptr && asked.guardian) {
    trouble.if_not(asked.guardian == who->guardian || books.broken("guardian_ignored"), who_asks,
                   Refusal::guardian_must_be_linked);
  } else if (who != nullptr && who->category == Category::child) {
    trouble.if_not(books.broken("guardian_ignored"), who_asks, Refusal::guardian_must_consent);
  }
  if (trouble.any()) return refuse(trouble);
  return agree(Done{}, [=](Books& now) {
    now.people[asked.rider].consents[{asked.purpose, asked.party}] = asked.guardian;
    now.did(named("consent of ", asked.rider), static_cast<int>(asked.purpose));
  });
}

Expected expect(const Books& books, const Case&, const WithdrawConsent& asked) {
  Trouble trouble;
  const Person* who = books.person(asked.rider);
  trouble.if_not(who != nullptr, who_asks, Refusal::rider_must_be_registered);
  if (who != nullptr)
    trouble.if_not(who->consents.contains({asked.purpose, asked.party}), who_asks,
                   Refusal::consent_must_be_in_force);
  if (trouble.any()) return refuse(trouble);
  return agree(Done{}, [=](Books& now) {
    Person& person = now.people[asked.rider];
    person.consents.erase({asked.purpose, asked.party});
    now.did(named("consent of ", asked.rider), -static_cast<int>(asked.purpose));
    // With the last consent nothing is left that the face may be looked for: it is erased, or
    // suspended until nothing is open any more.
    const bool any_counts = std::ranges::any_of(person.consents, [&](const auto& row) {
      return person.category != Category::child ||
             (row.second && row.second == person.guardian);  // a child's is the guardian's to give
    });
    if (any_counts || !person.has_face || person.erasure_waits) return;  // what waits began before
    now.show_face(asked.rider, true);
    if (!now.anything_open(asked.rider)) return now.erase(asked.rider);
    person.erasure_waits = true;
    now.did(named("erasure of ", asked.rider) + " waits", 1);
  });
}

Expected expect(const Books& books, const Case&, const EnrolFace& asked) {
  Trouble trouble;
  const Person* who = books.person(asked.rider);
  trouble.if_not(who != nullptr, who_asks, Refusal::rider_must_be_registered);
  trouble.if_not(is_sound(asked.model), who_asks, Refusal::code_must_be_valid);
  trouble.if_not(books.policy.has_value(), who_asks, Refusal::policy_must_be_published);
  if (books.policy)
    trouble.if_not(asked.photos >= books.policy->photos_min && asked.photos <= photos_max, who_asks,
                   Refusal::photos_must_be_enough);
  if (who != nullptr) {
    trouble.add(ask_consent(books, *who, std::nullopt, {}));
    trouble.if_not(!who->suspended, entitled, Refusal::face_must_not_be_suspended);
    trouble.if_not(!who->face_locked, entitled, Refusal::face_must_not_be_locked);
    trouble.if_not(asked.face.value == who->last_face.value + 1, risk,
                   Refusal::face_version_must_be_next);
    trouble.if_not(!who->erasure_waits, entitled, Refusal::face_must_not_be_erased);
  }
  if (trouble.any()) return refuse(trouble);
  return agree(Enrolled{asked.rider, asked.face}, [=](Books& now) {
    Person& person = now.people[asked.rider];
    person.last_face = asked.face;
    person.model = asked.model;
    person.has_face = true;
    person.erased = false;
    person.suspended = false;
    now.did(named("face of ", asked.rider) + " enrolled", asked.face.value);
  });
}

Expected expect(const Books& books, const Case&, const SuspendFace& asked) {
  Trouble trouble;
  const Person* who = books.person(asked.rider);
  trouble.if_not(who != nullptr, who_asks, Refusal::rider_must_be_registered);
  if (who != nullptr) {
    trouble.add(ask_face(*who));
    trouble.if_not(!who->erasure_waits, credential, Refusal::face_must_not_be_erased);
    trouble.if_not(!who->suspended, entitled, Refusal::face_must_not_be_suspended);
  }
  if (trouble.any()) return refuse(trouble);
  return agree(Done{}, [=](Books& now) { now.show_face(asked.rider, true); });
}

Expected expect(const Books& books, const Case&, const ReinstateFace& asked) {
  Trouble trouble;
  const Person* who = books.person(asked.rider);
  trouble.if_not(who != nullptr, who_asks, Refusal::rider_must_be_registered);
  if (who != nullptr) {
    trouble.add(ask_face(*who));
    if (who->has_face) trouble.if_not(who->suspended, credential, Refusal::face_must_be_suspended);
    trouble.if_not(!who->erasure_waits, credential, Refusal::face_must_not_be_erased);
    trouble.add(ask_consent(books, *who, std::nullopt, {}));
  }
  if (trouble.any()) return refuse(trouble);
  return agree(Done{}, [=](Books& now) { now.show_face(asked.rider, false); });
}

Expected expect(const Books& books, const Case&, const EraseRider& asked) {
  Trouble trouble;
  const Person* who = books.person(asked.rider);
  trouble.if_not(who != nullptr, who_asks, Refusal::rider_must_be_registered);
  if (trouble.any()) return refuse(trouble);
  const bool waits = books.anything_open(asked.rider) && !books.broken("erasure_at_once");
  return agree(Erased{asked.rider, waits}, [=](Books& now) {
    if (now.people[asked.rider].has_face) now.show_face(asked.rider, true);
    now.people[asked.rider].consents.clear();
    if (!waits) return now.erase(asked.rider);
    now.people[asked.rider].erasure_waits = true;
    now.did(named("erasure of ", asked.rider) + " waits", 1);
  });
}

Expected expect(const Books& books, const Case&, const SetPin& asked) {
  Trouble trouble;
  const Person* who = books.person(asked.rider);
  trouble.if_not(who != nullptr, who_asks, Refusal::rider_must_be_registered);
  if (who != nullptr) {
    // A lock is for staff to open, not for a new PIN.
    trouble.if_not(!who->pin_locked || books.broken("pin_never_locks"), entitled,
                   Refusal::pin_must_not_be_locked);
    trouble.if_not(asked.version.value == who->pin.value + 1, risk, Refusal::pin_must_be_current);
  }
  if (trouble.any()) return refuse(trouble);
  return agree(Done{}, [=](Books& now) {
    now.people[asked.rider].pin = asked.version;
    now.did(named("PIN of ", asked.rider) + " set", 1);
  });
}

Expected expect(const Books& books, const Case&, const ResetPin& asked) {
  Trouble trouble = ask_terminal(books, asked.desk, Role::enrolment_desk);
  const Person* who = books.person(asked.rider);
  trouble.if_not(who != nullptr, entitled, Refusal::rider_must_be_registered);
  if (who != nullptr) trouble.if_not(who->pin.value > 0, entitled, Refusal::pin_must_be_set);
  if (trouble.any()) return refuse(trouble);
  return agree(Done{}, [=](Books& now) {
    now.people[asked.rider].pin_failures = 0;
    now.people[asked.rider].pin_locked = false;
    now.did(named("PIN of ", asked.rider) + " reset", 1);
  });
}

Expected expect(const Books& books, const Case&, const OpenWallet& asked) {
  Trouble trouble;
  const Person* who = books.person(asked.rider);
  trouble.if_not(who != nullptr, who_asks, Refusal::rider_must_be_registered);
  if (who != nullptr)
    trouble.if_not(!who->wallets.contains(asked.currency), who_asks,
                   Refusal::wallet_must_not_be_open);
  if (trouble.any()) return refuse(trouble);
  return agree(Done{}, [=](Books& now) {
    now.people[asked.rider].wallets.insert(asked.currency);
    now.did(named("wallet of ", asked.rider), static_cast<int>(asked.currency));
  });
}

Expected expect(const Books& books, const Case& at, const LoadFunds& asked) {
  Trouble trouble;
  const Person* who = books.person(asked.rider);
  trouble.if_not(asked.amount.minor > 0, who_asks, Refusal::amount_must_be_positive);
  trouble.if_not(asked.amount.minor <= amount_minor_max, who_asks, Refusal::amount_must_fit);
  trouble.if_not(who != nullptr, who_asks, Refusal::rider_must_be_registered);
  if (who != nullptr) {
    trouble.add(ask_wallet(*who, asked.amount.currency));
  } else {
    trouble.if_not(false, who_asks, Refusal::wallet_must_be_open);  // nor has nobody a wallet
  }
  if (trouble.any()) return refuse(trouble);
  const Currency currency = asked.amount.currency;
  const std::int64_t debt =
      books.broken("debts_are_not_recovered") ? 0 : books.balance(debt_of(asked.rider, currency));
  const std::int64_t recovered = std::min(debt, asked.amount.minor);
  const Money after{books.posted(asked.rider, currency) + asked.amount.minor - recovered, currency};
  return agree(Loaded{{at.position}, after}, [=](Books& now) {
    const Account wallet = wallet_of(asked.rider, currency);
    now.move(bank_account(asked.bank, currency), wallet, asked.amount.minor);
    now.did(named("loaded by ", asked.rider), asked.amount.minor);
    now.did(named("debt recovered from ", asked.rider), recovered);
    now.move(wallet, debt_of(asked.rider, currency), recovered);
  });
}

}  // namespace obverse::oracle

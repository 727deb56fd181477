// Each call: decode, submit, encode. Faces and PINs go by way of the vault: see enrolment.h.
#include "ledger/server/enrolment_service.h"

#include "ledger/model/limits.h"
#include "ledger/server/enrolment.h"

namespace obverse {
namespace {

using Desk = rpc::EnrolmentDesk;

Category category_of(Desk::Category category) {
  if (category != Desk::Category::ADULT && category != Desk::Category::CHILD)
    throw Unreadable{Refusal::request_must_be_readable};
  return category == Desk::Category::ADULT ? Category::adult : Category::child;
}

Purpose purpose_of(Desk::Purpose purpose) {
  if (purpose != Desk::Purpose::TRANSIT && purpose != Desk::Purpose::PAYMENT)
    throw Unreadable{Refusal::request_must_be_readable};
  return purpose == Desk::Purpose::TRANSIT ? Purpose::transit : Purpose::payment;
}

Party party_of(const Directory& directory, rpc::Party::Reader party) {
  switch (party.which()) {
    case rpc::Party::EVERYONE:
      return Party{};
    case rpc::Party::TRANSIT_OPERATOR:
      if (const auto id = directory.transit_operator(party.getTransitOperator().cStr())) {
        return obverse::party_of(*id);
      }
      throw Unreadable{Refusal::operator_must_be_registered};
    case rpc::Party::MERCHANT:
      if (const auto id = directory.merchant(party.getMerchant().cStr())) {
        return obverse::party_of(*id);
      }
      throw Unreadable{Refusal::merchant_must_be_registered};
  }
  throw Unreadable{Refusal::request_must_be_readable};
}

std::optional<RiderId> optional_rider(std::uint64_t number) {
  return number == 0 ? std::nullopt : std::optional(RiderId{number});
}

// What a desk may see of a person; plain, so that it can cross threads.
struct Seen {
  std::optional<Rider> rider;
  std::optional<Currency> currency;
  Money balance;
  Money available;
  std::uint64_t journey = 0;
};

Seen look_at(const State& state, RiderId id) {
  Seen seen;
  const Rider* rider = find(state.enrolments, id);
  if (!rider) return seen;
  seen.rider = *rider;
  for (const Currency currency : {Currency::jpy, Currency::cny, Currency::eur, Currency::gbp,
                                  Currency::usd, Currency::rub, Currency::inr}) {
    if (seen.currency || !state.wallets.open.contains(wallet_of(id, currency))) continue;
    seen.currency = currency;
    seen.balance = {balance(state.book, wallet_of(id, currency)), currency};
    seen.available = available(state.book, state.holds, id, currency);
  }
  const auto first = state.journeys.open.lower_bound({id, OperatorId{0}});
  if (first != state.journeys.open.end() && first->first.rider == id) {
    seen.journey = first->second.value;
  }
  return seen;
}

kj::StringPtr face_words(const Rider& rider) {
  if (rider.face) return rider.face->suspended ? "suspended"_kj : "enrolled"_kj;
  return rider.last_face.value > 0 ? "erased"_kj : "none"_kj;
}

kj::StringPtr pin_words(const Rider& rider) {
  if (rider.pin.locked) return "locked"_kj;
  return rider.pin.version.value > 0 ? "set"_kj : "none"_kj;
}

void write(rpc::Person::Builder person, const Seen& seen, const Rider& rider, RiderId id,
           const Directory& directory) {
  person.setRider(id.value);
  person.setCategory(rider.category == Category::child ? Desk::Category::CHILD
                                                       : Desk::Category::ADULT);
  person.setFace(face_words(rider));
  if (rider.face) person.setFaceVersion(rider.face->version.value);
  person.setPin(pin_words(rider));
  if (seen.currency) {
    obverse::write(person.initBalance(), seen.balance);
    obverse::write(person.initAvailable(), seen.available);
  }
  person.setOpenJourney(seen.journey);
  auto consents = person.initConsents(static_cast<unsigned>(rider.consents.size()));
  unsigned at = 0;
  for (const auto& [scope, consent] : rider.consents) {
    auto one = consents[at++];
    one.setPurpose(scope.purpose == Purpose::transit ? Desk::Purpose::TRANSIT
                                                     : Desk::Purpose::PAYMENT);
    one.setTextVersion(consent.text_version);
    auto party = one.initParty();
    if (scope.party.kind == Party::Kind::transit_operator) {
      party.setTransitOperator(directory.code(OperatorId{scope.party.id}).value_or("").c_str());
    } else if (scope.party.kind == Party::Kind::merchant) {
      party.setMerchant(directory.code(MerchantId{scope.party.id}).value_or("").c_str());
    } else {
      party.setEveryone();
    }
  }
}

}  // namespace

kj::Promise<void> EnrolmentService::register_(RegisterContext context) {
  return ask(caller_, context, [](auto params) -> Command {
    return RegisterRider{category_of(params.getCategory()), optional_rider(params.getGuardian())};
  });
}

kj::Promise<void> EnrolmentService::assignCategory(AssignCategoryContext context) {
  return ask(caller_, context, [](auto params) -> Command {
    return AssignCategory{{params.getRider()}, category_of(params.getCategory())};
  });
}

kj::Promise<void> EnrolmentService::consent(ConsentContext context) {
  return ask(caller_, context, [&](auto params) -> Command {
    const Party party = party_of(caller_->house().directory, params.getParty());
    return GrantConsent{{params.getRider()},
                        purpose_of(params.getPurpose()),
                        party,
                        params.getTextVersion(),
                        optional_rider(params.getGuardian())};
  });
}

kj::Promise<void> EnrolmentService::withdraw(WithdrawContext context) {
  return ask(caller_, context, [&](auto params) -> Command {
    const Party party = party_of(caller_->house().directory, params.getParty());
    return WithdrawConsent{{params.getRider()}, purpose_of(params.getPurpose()), party};
  });
}

kj::Promise<void> EnrolmentService::enrol(EnrolContext context) {
  return answer(caller_, context, [&](auto params) -> kj::Promise<Answer> {
    if (params.getPhotos().size() > photos_max) throw Unreadable{Refusal::photos_must_be_enough};
    auto wish = std::make_shared<FaceWish>();
    wish->desk = caller_->terminal().id;
    wish->wish = caller_->wish(params.getAttempt());
    wish->rider = {params.getRider()};
    for (const auto photo : params.getPhotos()) wish->photos.push_back(shown_face(photo));
    Household& house = caller_->house();
    return caller_->work(house.desk_pool, Lane::manage,
                         [&house, wish](const auto& letter) { enrol_face(house, wish, letter); });
  });
}

kj::Promise<void> EnrolmentService::suspend(SuspendContext context) {
  return ask(caller_, context,
             [](auto params) -> Command { return SuspendFace{{params.getRider()}}; });
}

kj::Promise<void> EnrolmentService::reinstate(ReinstateContext context) {
  return ask(caller_, context,
             [](auto params) -> Command { return ReinstateFace{{params.getRider()}}; });
}

kj::Promise<void> EnrolmentService::erase(EraseContext context) {
  return ask(caller_, context,
             [](auto params) -> Command { return EraseRider{{params.getRider()}}; });
}

kj::Promise<void> EnrolmentService::setPin(SetPinContext context) {
  return answer(caller_, context, [&](auto params) -> kj::Promise<Answer> {
    const auto digits = params.getPin();
    if (!is_pin({digits.begin(), digits.size()})) throw Unreadable{Refusal::pin_must_be_digits};
    auto wish = std::make_shared<PinWish>();
    wish->desk = caller_->terminal().id;
    wish->wish = caller_->wish(params.getAttempt());
    wish->rider = {params.getRider()};
    wish->digits.assign(digits.begin(), digits.end());
    Household& house = caller_->house();
    return caller_->work(house.desk_pool, Lane::manage,
                         [&house, wish](const auto& letter) { set_pin(house, wish, letter); });
  });
}

kj::Promise<void> EnrolmentService::resetPin(ResetPinContext context) {
  return ask(caller_, context, [&](auto params) -> Command {
    return ResetPin{{params.getRider()}, caller_->terminal().id};
  });
}

kj::Promise<void> EnrolmentService::openWallet(OpenWalletContext context) {
  return ask(caller_, context, [](auto params) -> Command {
    return OpenWallet{{params.getRider()}, currency(params.getCurrency())};
  });
}

kj::Promise<void> EnrolmentService::load(LoadContext context) {
  return ask(caller_, context, [](auto params) -> Command {
    return LoadFunds{{params.getRider()}, money(params.getAmount()), {params.getBank()}};
  });
}

kj::Promise<void> EnrolmentService::person(PersonContext context) {
  return caller_->guarded([&] {
    const RiderId id{context.getParams().getRider()};
    return caller_
        ->question<std::shared_ptr<const Seen>>([id](const State& state, const Receipt&) {
          return std::make_shared<const Seen>(look_at(state, id));
        })
        .then([caller = caller_, context, id](const std::shared_ptr<const Seen>& seen) mutable {
          auto results = context.getResults();
          if (seen->rider) {
            return write(results.initPerson(), *seen, *seen->rider, id, caller->house().directory);
          }
          obverse::write(results.initRefused(),
                         Refused{.refusal = Refusal::rider_must_be_registered, .step_up = {}});
        });
  });
}

}  // namespace obverse

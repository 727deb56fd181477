// Before anybody moves: operators, merchants, terminals, tariffs, people.
#include <limits>
#include <stdexcept>

#include "tests/scenarios/stage.h"

namespace obverse::scenarios {
namespace {

using Words = std::vector<std::string>;

StationId station(const Tariff& tariff, const Line& line, const std::string& code) {
  const auto found = station_of(tariff, code);
  if (!found) throw std::runtime_error(line.where + ": no station " + code);
  return *found;
}

Currency currency_named(const Line& line, const std::string& name) {
  if (name == "JPY") return Currency::jpy;
  if (name == "GBP") return Currency::gbp;
  throw std::runtime_error(line.where + ": no currency " + name);
}

// 'line' A 0 B 1200 C 3000: stations and how far they are from the first.
void add_line(Tariff& tariff, const Words& words) {
  for (std::size_t i = 1; i + 1 < words.size(); i += 2) {
    tariff.stations.push_back(words[i]);
    if (i == 1) continue;
    const auto here = static_cast<std::uint16_t>(tariff.stations.size() - 1);
    tariff.tracks.push_back({{static_cast<std::uint16_t>(here - 1)},
                             {here},
                             read_amount(words[i + 1]) - read_amount(words[i - 1]),
                             0});
  }
}

void add_section(Tariff& tariff, const Words& words) {
  const bool last = words[1] == "above";
  const std::size_t at = last ? 2 : 4;
  const Section section{last ? std::numeric_limits<std::int64_t>::max() : read_amount(words[3]),
                        read_amount(words.at(at + 1)), read_amount(words.at(at + 3))};
  for (Section& known : tariff.sections) {
    if (known.metres_max != section.metres_max) continue;
    known = section;  // of a tariff that is like another
    return;
  }
  tariff.sections.push_back(section);
}

// cap day adult 640 child 320; interchange A1 B1 within 1800; pass section 2 months 1 adult ...
bool add_reduction(Tariff& tariff, const Line& line, const Words& words) {
  if (words[0] == "cap" && words.size() == 6) {
    const CapPeriod period = words[1] == "day"    ? CapPeriod::day
                             : words[1] == "week" ? CapPeriod::week
                                                  : CapPeriod::month;
    tariff.caps.push_back({period, read_amount(words[3]), read_amount(words[5])});
  } else if (words[0] == "interchange" && words.size() == 5) {
    tariff.interchanges.push_back({station(tariff, line, words[1]), station(tariff, line, words[2]),
                                   seconds(read_amount(words[4]))});
  } else if (words[0] == "pass" && words.size() == 9) {
    tariff.passes.push_back({static_cast<std::uint16_t>(read_amount(words[2])),
                             static_cast<std::uint8_t>(read_amount(words[4])),
                             read_amount(words[6]), read_amount(words[8])});
  } else {
    return false;
  }
  return true;
}

void add_to_tariff(Tariff& tariff, const Line& line, const Words& words) {
  if (words[0] == "line") return add_line(tariff, words);
  if (add_reduction(tariff, line, words)) return;
  if (words[0] == "branch" && words.size() == 6) {
    tariff.stations.push_back(words[2]);
    tariff.tracks.push_back({station(tariff, line, words[1]), station(tariff, line, words[2]),
                             read_amount(words[3]), read_amount(words[5])});
  } else if (words[0] == "section" && words.size() >= 6) {
    add_section(tariff, words);
  } else if (words[0] == "currency" && words.size() == 2) {
    tariff.currency = currency_named(line, words[1]);
  } else if (words[0] == "maximum" && words.size() == 5) {
    tariff.maximum_adult_minor = read_amount(words[2]);
    tariff.maximum_child_minor = read_amount(words[4]);
  } else if (words[0] == "entry" && words.size() == 6) {
    tariff.entry_minimum_adult_minor = read_amount(words[3]);
    tariff.entry_minimum_child_minor = read_amount(words[5]);
  } else {
    throw std::runtime_error(line.where + ": cannot read the tariff's lines");
  }
}

}  // namespace

std::uint64_t Stage::must_register(const Line& line, Command command) {
  const Answer answer = house_.submit({}, {}, std::move(command));
  const auto* registered = std::get_if<Registered>(&answer.reply);
  if (registered == nullptr) throw std::runtime_error(line.where + ": was refused");
  return registered->id;
}

void Stage::must_do(const Line& line, Command command) {
  const Answer answer = house_.submit({}, {}, std::move(command));
  if (const auto* refused = std::get_if<Refused>(&answer.reply))
    throw std::runtime_error(line.where + ": was refused, " +
                             std::string(explain(refused->refusal).name));
}

// Once; afterwards it stands there.
TerminalId Stage::install(const Line& line, const std::string& name, Role role, OperatorId transit,
                          const Code& station, MerchantId merchant) {
  const auto [place, is_new] = terminals_.try_emplace(name);
  if (!is_new) return place->second;
  Digest certificate;
  certificate.bytes[0] = ++certificates_;
  place->second = {static_cast<std::uint32_t>(
      must_register(line, RegisterTerminal{name, role, transit, station, merchant, certificate}))};
  return place->second;
}

bool Stage::set_up(const Line& line) {
  const auto& w = line.words;
  if (!ready_) {
    ready_ = true;
    must_do(line, PublishPolicy{Faces::policy()});
    install(line, "desk", Role::operator_desk);
  }
  if (w[0] == "operator" && w.size() == 2) {
    operators_[w[1]] = {static_cast<std::uint32_t>(must_register(line, RegisterOperator{w[1]}))};
  } else if (w[0] == "merchant" && w.size() == 2) {
    merchants_[w[1]] = {
        static_cast<std::uint32_t>(must_register(line, RegisterMerchant{w[1], Currency::jpy}))};
  } else if (w[0] == "sponsor" && w.size() == 2) {
    sponsors_[w[1]] = {static_cast<std::uint32_t>(must_register(line, RegisterSponsor{w[1]}))};
  } else if (w[0] == "gate" && w.size() == 4) {
    if (operators_.empty()) throw std::runtime_error(line.where + ": no operator yet");
    install(line, w[1], Role::gate, operators_.begin()->second, w[3]);
  } else if (w[0] == "desk" && w.size() == 2 && w[1] != "represents") {
    install(line, w[1], Role::operator_desk);
  } else if (w[0] == "till" && w.size() == 4) {
    install(line, w[1], Role::till, {}, {}, merchants_.at(w[3]));
  } else if (w[0] == "tariff") {
    publish_tariff(line);
  } else {
    return enrol(line);
  }
  return true;
}

void Stage::publish_tariff(const Line& line) {
  const auto& w = line.words;  // tariff OMT-2 of OM from DATE TIME [like OMT-1]
  if (w.size() != 7 && w.size() != 9) throw std::runtime_error(line.where + ": cannot read");
  Tariff tariff = w.size() == 9 ? tariffs_.at(w[8]) : Tariff{};
  tariff.code = w[1];
  tariff.transit = operators_.at(w[3]);
  tariff.effective_from = instant(w[5], w[6]);
  for (const Words& words : line.below) {
    if (words[0] == "senior" && words.size() == 5) {  // senior pays 50 sponsor city
      tariff.categories.push_back(
          {Category::senior, false, read_amount(words[2]), sponsors_.at(words[4])});
    } else {
      add_to_tariff(tariff, line, words);
    }
  }
  must_register(line, PublishTariff{tariff});
  tariffs_[tariff.code] = tariff;
}

// Registered, a PIN, consent for each purpose, three photos, a wallet.
bool Stage::enrol(const Line& line) {
  const auto& w = line.words;
  if (w.size() < 5 || w[1] != "enrols" || w[2] != "as") return false;
  const bool child = w[3] == "child";
  std::optional<RiderId> guardian;
  if (child) guardian = rider(line, w.at(5));
  const Category category = child              ? Category::child
                            : w[3] == "senior" ? Category::senior
                                               : Category::adult;
  const RiderId id{must_register(line, RegisterRider{category, guardian})};
  riders_[w[0]] = id;
  house_.name_face(id, face_of(w[0]));
  must_do(line, SetPin{id, {1}});
  for (const std::string& word : w) {
    if (word == "transit") must_do(line, GrantConsent{id, Purpose::transit, {}, 1, guardian});
    if (word == "payment") must_do(line, GrantConsent{id, Purpose::payment, {}, 1, guardian});
  }
  must_do(line, EnrolFace{id, {1}, Faces::model(), 3, {}});
  must_do(line, OpenWallet{id, Currency::jpy});
  return true;
}

RiderId Stage::rider(const Line& line, const std::string& name) const {
  const auto found = riders_.find(name);
  if (found == riders_.end()) throw std::runtime_error(line.where + ": nobody called " + name);
  return found->second;
}

TerminalId Stage::terminal(const Line& line, const std::string& name) const {
  const auto found = terminals_.find(name);
  if (found == terminals_.end()) throw std::runtime_error(line.where + ": no terminal " + name);
  return found->second;
}

std::string Stage::name_of_account(const Account& account) const {
  const auto called = [&](const auto& names) -> std::string {
    for (const auto& [name, id] : names)
      if (id.value == account.owner) return name;
    return std::to_string(account.owner);
  };
  std::string owner;
  switch (account.chart) {
    case Chart::wallet:
    case Chart::wallet_bonus:
    case Chart::rider_debt:
    case Chart::refund_payable:
      owner = called(riders_);
      break;
    case Chart::merchant_payable:
    case Chart::merchant_receivable:
    case Chart::merchant_reserve:
    case Chart::payout_in_transit:
      owner = called(merchants_);
      break;
    case Chart::operator_payable:
    case Chart::operator_receivable:
      owner = called(operators_);
      break;
    case Chart::sponsor_receivable:
      owner = called(sponsors_);
      break;
    case Chart::scheme_receivable:
    case Chart::scheme_payable:
    case Chart::chargeback_pending:
    case Chart::scheme_fee:
      owner = account.owner == 0 ? "wallet" : name(static_cast<Scheme>(account.owner));
      break;
    case Chart::bank:
      owner = account.owner == 0 ? "settle" : std::to_string(account.owner);
      break;
    case Chart::safeguard:
      owner = account.owner == 0 ? "deposit" : std::to_string(account.owner);
      break;
    default:  // what is nobody's has no owner
      owner = account.owner == 0 ? "" : std::to_string(account.owner);
  }
  return std::to_string(static_cast<int>(account.chart)) + "." + std::string(name(account.chart)) +
         (owner.empty() ? "" : ":") + owner;
}

}  // namespace obverse::scenarios

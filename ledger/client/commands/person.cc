// obverse person: register, consent, enrol, suspend, erase; with an enrolment desk's certificate.
#include <memory>

#include "ledger/client/commands/pin.h"
#include "ledger/client/commands/vectors.h"
#include "ledger/client/commands/verb.h"

namespace obverse {
namespace {

struct Options {
  std::string attempt;
  std::uint64_t rider = 0;
  std::uint64_t guardian = 0;
  std::string category = "adult";
  std::string purpose = "transit";
  std::string transit_operator;
  std::string merchant;
  std::uint32_t text_version = 1;
  std::string face_file;
  std::vector<std::size_t> rows;
  std::string pin_from = "-";
};
using Shared = std::shared_ptr<Options>;
using Desk = rpc::EnrolmentDesk;

Desk::Category category_of(const Options& options) {
  return options.category == "child" ? Desk::Category::CHILD : Desk::Category::ADULT;
}

Desk::Purpose purpose_of(const Options& options) {
  return options.purpose == "payment" ? Desk::Purpose::PAYMENT : Desk::Purpose::TRANSIT;
}

void fill(rpc::Party::Builder party, const Options& options) {
  if (!options.transit_operator.empty()) {
    party.setTransitOperator(options.transit_operator);
  } else if (!options.merchant.empty()) {
    party.setMerchant(options.merchant);
  } else {
    party.setEveryone();
  }
}

CLI::App* add_verb_about(CLI::App& noun, const Shared& options, const char* name,
                         const char* words) {
  CLI::App* verb = add_verb(noun, options->attempt, name, words);
  verb->add_option("--rider", options->rider, "the person's number")->required();
  return verb;
}

void add_register(CLI::App& noun, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = add_verb(noun, options->attempt, "register",
                            "give a person a number; no name is asked or kept");
  verb->add_option("--category", options->category)->check(CLI::IsMember({"adult", "child"}));
  verb->add_option("--guardian", options->guardian, "rider who answers for a child");
  verb->callback([&run, options] {
    Session session(run.settings);
    auto request = session.enrolment().registerRequest();
    request.setCategory(category_of(*options));
    request.setGuardian(options->guardian);
    run.ended = send(run, session, kj::mv(request), options->attempt);
  });
}

void add_consents(CLI::App& noun, Run& run) {
  for (const bool grant : {true, false}) {
    auto options = std::make_shared<Options>();
    CLI::App* verb =
        add_verb_about(noun, options, grant ? "consent" : "withdraw",
                       grant ? "agree to one use of the face" : "take an agreement back; at once");
    verb->add_option("--purpose", options->purpose)
        ->check(CLI::IsMember({"transit", "payment"}))
        ->required();
    auto* transit =
        verb->add_option("--operator", options->transit_operator, "only at this transit operator");
    verb->add_option("--merchant", options->merchant, "only at this merchant")->excludes(transit);
    if (grant) {
      verb->add_option("--text-version", options->text_version, "of the words that were agreed to");
      verb->add_option("--guardian", options->guardian, "who agrees for a child");
    }
    verb->callback([&run, options, grant] {
      Session session(run.settings);
      if (grant) {
        auto request = session.enrolment().consentRequest();
        request.setRider(options->rider);
        request.setPurpose(purpose_of(*options));
        request.setTextVersion(options->text_version);
        request.setGuardian(options->guardian);
        fill(request.initParty(), *options);
        run.ended = send(run, session, kj::mv(request), options->attempt);
      } else {
        auto request = session.enrolment().withdrawRequest();
        request.setRider(options->rider);
        request.setPurpose(purpose_of(*options));
        fill(request.initParty(), *options);
        run.ended = send(run, session, kj::mv(request), options->attempt);
      }
    });
  }
}

void add_enrol(CLI::App& noun, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* verb =
      add_verb_about(noun, options, "enrol", "keep a face, sealed, from several photos' vectors");
  verb->add_option("--face", options->face_file, "file of face vectors: float32 little-endian rows")
      ->required();
  verb->add_option("--rows", options->rows, "rows of this person's photos, for example 0,1,2")
      ->delimiter(',')
      ->required();
  verb->callback([&run, options] {
    Session session(run.settings);
    auto request = session.enrolment().enrolRequest();
    request.setRider(options->rider);
    auto photos = request.initPhotos(static_cast<unsigned>(options->rows.size()));
    for (unsigned i = 0; i < photos.size(); ++i)
      obverse::fill(photos[i],
                    read_vector(options->face_file, options->rows[i], session.dimensions()),
                    session.model(), "good");
    run.ended = send(run, session, kj::mv(request), options->attempt);
  });
}

void add_simple(CLI::App& noun, Run& run) {
  enum class Verb { suspend, reinstate, erase, reset_pin };
  const auto add = [&](const char* name, const char* words, Verb which) {
    auto options = std::make_shared<Options>();
    add_verb_about(noun, options, name, words)->callback([&run, options, which] {
      Session session(run.settings);
      auto desk = session.enrolment();
      const auto ask = [&](auto request) {
        request.setRider(options->rider);
        run.ended = send(run, session, kj::mv(request), options->attempt);
      };
      if (which == Verb::suspend) ask(desk.suspendRequest());
      if (which == Verb::reinstate) ask(desk.reinstateRequest());
      if (which == Verb::erase) ask(desk.eraseRequest());
      if (which == Verb::reset_pin) ask(desk.resetPinRequest());
    });
  };
  add("suspend", "the face matches nothing until it is reinstated", Verb::suspend);
  add("reinstate", "end a suspension", Verb::reinstate);
  add("erase", "destroy the face for good; money and books stay", Verb::erase);
  add("reset-pin", "unlock a PIN", Verb::reset_pin);

  auto setting = std::make_shared<Options>();
  CLI::App* pin = add_verb_about(noun, setting, "set-pin", "choose a PIN of 4 to 12 digits");
  add_pin(*pin, setting->pin_from);
  pin->callback([&run, setting] {
    Session session(run.settings);
    auto request = session.enrolment().setPinRequest();
    request.setRider(setting->rider);
    request.setPin(read_pin(setting->pin_from));
    run.ended = send(run, session, kj::mv(request), setting->attempt);
  });
}

std::string party_text(rpc::Party::Reader party) {
  if (party.isTransitOperator())
    return std::string("operator ") + party.getTransitOperator().cStr();
  if (party.isMerchant()) return std::string("merchant ") + party.getMerchant().cStr();
  return "everyone";
}

Json to_json(rpc::Person::Reader person) {
  Json out{{"rider", person.getRider()},
           {"category", person.getCategory() == Desk::Category::CHILD ? "child" : "adult"},
           {"face", person.getFace().cStr()},
           {"face_version", person.getFaceVersion()},
           {"pin", person.getPin().cStr()}};
  if (person.hasBalance()) {
    out["balance"] = obverse::to_json(person.getBalance());
    out["available"] = obverse::to_json(person.getAvailable());
  }
  if (person.getOpenJourney() != 0) out["open_journey"] = person.getOpenJourney();
  out["consents"] = Json::array();
  for (const auto each : person.getConsents())
    out["consents"].push_back(
        {{"purpose", each.getPurpose() == Desk::Purpose::PAYMENT ? "payment" : "transit"},
         {"party", party_text(each.getParty())},
         {"text_version", each.getTextVersion()}});
  return out;
}

void add_show(CLI::App& noun, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* verb =
      noun.add_subcommand("show", "what is kept of a person: consents, face, PIN, wallet");
  verb->add_option("--rider", options->rider, "the person's number")->required();
  verb->callback([&run, options] {
    Session session(run.settings);
    auto request = session.enrolment().personRequest();
    request.setRider(options->rider);
    const auto response = request.send().wait(session.wait_scope());
    Json out{{"outcome", "refused"}};
    if (response.hasRefused()) {
      out.update(obverse::to_json(response.getRefused()));
    } else {
      out = to_json(response.getPerson());
    }
    run.ended = show(run.settings, out);
  });
}

}  // namespace

void add_person(CLI::App& app, Run& run) {
  CLI::App* noun = app.add_subcommand(
      "person", "people, consent and faces, with an enrolment desk's certificate");
  noun->require_subcommand(1);
  noun->footer(
      "Examples:\n"
      "  obverse --certificate desk.pem --key desk.key person register\n"
      "  obverse --certificate desk.pem --key desk.key person consent --rider 7 --purpose transit "
      "--operator OM\n"
      "  obverse --certificate desk.pem --key desk.key person enrol --rider 7 --face faces.f32 "
      "--rows 0,1,2\n"
      "  obverse --certificate desk.pem --key desk.key person erase --rider 7");
  add_register(*noun, run);
  add_consents(*noun, run);
  add_enrol(*noun, run);
  add_simple(*noun, run);
  add_show(*noun, run);
}

}  // namespace obverse

// Plays a scenario on the whole engine: every line becomes a command as a terminal or desk would
// give it, or a question about what became of one.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/scenarios/house.h"
#include "tests/scenarios/script.h"

namespace obverse::scenarios {

class Stage {
 public:
  explicit Stage(const Searching& searching = {}) : house_(searching) {}

  // Everything that went otherwise than the script says, in words.
  std::vector<std::string> play(const Script&);
  std::vector<std::string> compare_facts(const std::vector<Fact>&);
  const House& house() const { return house_; }

 private:
  struct How {  // how somebody shows who they are
    bool face = true;
    std::optional<bool> pin;  // typed rightly or wrongly
    Capture capture = Capture::good;
    bool former_face = false;
    bool compared = false;  // with their own template only
    bool unlike = false;
    bool vouched = false;
    std::string code;
    std::int64_t seconds_ago = 0;
    std::string seen_at;
  };
  struct Doing {
    Actor actor;
    TerminalId terminal;
    Command command;
    std::string key;  // the scenario's name for the attempt
    std::size_t times = 1;
  };

  void play(const Line&);
  bool set_up(const Line&);
  bool enrol(const Line&);
  bool about_time(const Line&);
  bool question(const Line&);
  bool person_acts(const Line&);
  bool desk_acts(const Line&);
  bool at_gate(const Line&);
  bool at_till(const Line&);
  bool with_cards(const Line&);  // stage_cards.cc, as what follows
  bool owner_acts(const Line&);
  bool scheme_acts(const Line&);
  bool about_claims(const Line&);
  void card_terms(const Line&);
  void rail_is(const Line&);
  void untold(const Line&);
  PurchaseId purchase(const Line&, const std::string& key, const std::string& till);

  bool about_people(const Line&);  // stage_people.cc
  bool about_likeness(const Line&);
  bool about_devices(const Line&);
  bool about_staff(const Line&);
  bool about_offline(const Line&);
  void was_offline(const Line&);
  TerminalId counter(const Line&);
  void at_counter(const Line&, Command);
  std::string face_of(const std::string& who) const;

  bool settles(const Line&);           // stage_settlement.cc
  bool settlement_terms(const Line&);  // stage_settlement_terms.cc
  bool settlement_desk(const Line&);
  bool processor_acts(const Line&);
  bool about_files(const Line&);
  bool captured_before(const Line&);
  void produce_file(const Line&);
  void import_statement(const Line&);
  void net_positions(const Line&);
  void required(const Line&);
  void as_terminal(const Line&, const std::string& name, Command);
  Party payee(const Line&, const std::string& name) const;
  Account account_named(const Line&, const std::string& text) const;
  Entries entries_below(const Line&) const;

  void publish_tariff(const Line&);
  std::uint64_t must_register(const Line&, Command);
  TerminalId install(const Line&, const std::string& name, Role, OperatorId = {},
                     const Code& station = {}, MerchantId = {});
  void must_do(const Line&, Command);
  void act(const Line&, Doing);
  void check_reply(const Line&, const Answer&, std::size_t records_before);
  void check_denials(const Line&, std::size_t records_before);
  void told(const Line&);
  void never(const Line&);
  void nothing_speaks(const Line&);
  void had_answers(const Line&);
  void fares_of(const Line&);
  void labelled(const Line&, const Answer&);

  std::optional<Presence> presence(const std::string& who, TerminalId, const How&);
  How how_of(const Line&) const;
  Attempt attempt_of(TerminalId, const std::string& key);
  TerminalId terminal(const Line&, const std::string& name) const;
  RiderId rider(const Line&, const std::string& name) const;
  std::string name_of_account(const Account&) const;
  Instant instant(const std::string& date, const std::string& time) const;
  void problem(const Line&, const std::string& what);

  House house_;
  std::string day_ = "2025-06-01";
  bool ready_ = false;
  std::map<std::string, RiderId> riders_;
  std::map<std::string, TerminalId> terminals_;
  std::map<std::string, OperatorId> operators_;
  std::map<std::string, MerchantId> merchants_;
  std::map<std::string, SponsorId> sponsors_;
  std::map<std::string, Tariff> tariffs_;
  std::map<std::string, JourneyId> journeys_;
  std::map<std::string, Recognition> last_seen_;
  std::map<TerminalId, StepUpId> step_ups_;
  std::map<std::string, std::string> likeness_;  // whose face somebody has, if not their own
  std::map<std::string, DeviceId> devices_;
  std::map<std::string, Token> codes_;
  std::map<std::string, OverrideId> overrides_;  // of whom staff vouch for
  ActionId asked_;
  std::map<std::string, std::vector<UploadOffline>> sales_;  // by terminal, in its order
  std::map<std::string, AttemptKey> keys_;
  std::map<Attempt, std::vector<std::string>> answers_;
  std::map<std::string, std::string> files_;  // of payouts, by name
  std::map<std::string, StatementId> statements_;
  std::map<std::string, PaymentMethodId> cards_;
  DisputeId chargeback_;
  ClaimId claim_;
  std::uint8_t certificates_ = 0;
  std::uint64_t attempts_ = 0;
  std::size_t told_records_ = 0;
  std::vector<std::string> problems_;
};

}  // namespace obverse::scenarios

#include "ledger/client/demo/demo.h"

#include <iostream>
#include <memory>

#include "ledger/client/demo/play.h"

namespace obverse {
namespace {

void finish(const Play& play) {
  if (play.failures.empty()) return;
  std::string all;
  for (const std::string& each : play.failures) all += "\n  " + each;
  throw CommandFailed(Ended::refused, "did not go as it should:" + all);
}

void add_act(CLI::App& noun, const std::shared_ptr<Play>& play, Run& run, const char* name,
             const char* words, void (*act)(Play&), bool first = false) {
  noun.add_subcommand(name, words)->callback([play, &run, act, first] {
    play->settings = run.settings;
    std::filesystem::create_directories(play->state);
    if (!first) recall_cast(*play);
    act(*play);
    finish(*play);
  });
}

}  // namespace

void add_demo(CLI::App& app, Run& run) {
  CLI::App* noun = app.add_subcommand("demo", "the day that ops/run plays, act by act");
  noun->require_subcommand(1);
  auto play = std::make_shared<Play>();
  noun->add_option("--keys", play->keys, "folder of NAME.pem and NAME.key")->required();
  noun->add_option("--state", play->state, "where the acts remember")->required();
  noun->add_option("--faces", play->faces, "float32 rows: 20 people, 10 photographs each")
      ->required();
  noun->add_option("--tariff", play->tariff, "JSON, as in ops/tariffs/");
  noun->add_option("--policy", play->policy, "JSON, as ops/policy.json");
  add_act(*noun, play, run, "open", "set the service up, enrol people", open_service, true);
  add_act(*noun, play, run, "morning", "gates and a shop", play_morning);
  add_act(*noun, play, run, "check", "hold the rush's answers against the server", check_rush);
  add_act(*noun, play, run, "farewell", "consent withdrawn inside, a person erased", say_farewell);
  add_act(*noun, play, run, "close", "the table and the books", close_day);

  auto seconds = std::make_shared<int>(5);
  CLI::App* rushing =
      noun->add_subcommand("rush", "load from several tills, until time is up or the server dies");
  rushing->add_option("--seconds", *seconds)->check(CLI::Range(1, 3600));
  rushing->callback([play, seconds, &run] {
    play->settings = run.settings;
    recall_cast(*play);
    rush(*play, *seconds);
  });
}

}  // namespace obverse

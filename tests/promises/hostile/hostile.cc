// Whatever a peer does to the shipped server: it is refused by name, and nobody else notices.
#include <sys/resource.h>

#include <filesystem>

#include "tests/promises/hostile/scene.h"

namespace {

using namespace obverse;
using namespace obverse::promises;

void play(Trial& trial, const Settings& changed, const std::string& binary) {
  Scene scene(trial, changed, binary);
  knock_at_the_door(scene);
  speak_out_of_turn(scene);
  ask_for_too_much(scene);
  show_no_face(scene);
  dawdle(scene);
  flood(scene);
  scene.tell_figures();
  trial.check("the server is alive", scene.server->is_alive());
}

// Only the acts that the defect lets pass: the whole list would prove no more.
void play_under(Trial& trial, const std::string& mutant, const std::string& own_path) {
  const auto with = [&](const Settings& changed, const std::function<void(Scene&)>& acts,
                        const std::string& binary = TerminalServer::default_binary()) {
    Scene scene(trial, changed, binary);
    try {
      acts(scene);
    } catch (const std::exception& fault) {
      trial.check("the acts can be played to their end", false, fault.what());
    }
  };
  if (mutant == "no-revocation-list") with({{"tls.revocation_list", "\"\""}}, knock_at_the_door);
  if (mutant == "patient-handshake") with({{"bounds.handshake_ms_max", "600000"}}, dawdle);
  if (mutant == "patient-message") with({{"bounds.message_ms_max", "600000"}}, dawdle);
  if (mutant == "patient-login") with({{"bounds.login_ms_max", "600000"}}, dawdle);
  if (mutant == "endless-questions") with({{"bounds.questions_max", "1000000"}}, speak_out_of_turn);
  if (mutant == "forgets-attempts") {
    const auto server = std::filesystem::path(own_path).parent_path() / "amnesiac_server";
    with({}, ask_for_too_much, server.string());
  }
}

}  // namespace

int main(int count, char** arguments) {
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  Trial trial({.name = "hostile",
               .promise = "every hostile act ends in the refusal that it should, by name, within "
                          "100 ms, and terminals that mean well are served meanwhile, with a p99 "
                          "of at most 1.2 times that at rest",
               .dials = {{"half-open", "connections that never finish a hello", 10'000, 300}},
               .mutants = {"no-revocation-list", "patient-handshake", "patient-message",
                           "patient-login", "endless-questions", "forgets-attempts"}},
              count, arguments);
  if (trial.mutants().empty()) play(trial, {}, TerminalServer::default_binary());
  for (const std::string& each : trial.mutants()) {
    trial.expect_caught(
        each, [&] { play_under(trial, each, std::filesystem::canonical("/proc/self/exe")); });
  }
  return trial.close();
}

// Whatever a peer does to the shipped server: it is refused by name, and nobody else notices.
#include <sys/resource.h>

#include <cstdlib>
#include <filesystem>
#include <map>

#include "tests/promises/hostile/scene.h"

namespace {

using namespace obverse;
using namespace obverse::promises;

Settings with_the_shipped_pace(Settings settings) {
  settings.emplace("bounds.terminal_calls_a_second_max", std::to_string(calls_a_second_max));
  return settings;
}

void play(Trial& trial, const Settings& changed, const std::string& binary) {
  Scene scene(trial, with_the_shipped_pace(changed), binary);
  knock_at_the_door(scene);
  speak_out_of_turn(scene);
  ask_for_too_much(scene);
  copy_a_key(scene);
  show_no_face(scene);
  dawdle(scene);
  flood(scene);
  scene.tell_figures();
  trial.check("the server is alive", scene.server->is_alive());
  Scene remembering(trial, {{"matcher.probes_remembered", "65536"}}, binary);
  show_a_recording(remembering);
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
  const auto beside = [&](const char* server) {
    return (std::filesystem::path(own_path).parent_path() / server).string();
  };
  if (mutant == "forgets-attempts") with({}, ask_for_too_much, beside("amnesiac_server"));
  if (mutant == "one-address") with({}, [](Scene& scene) { copy_a_key(scene, "127.0.0.1"); });
  if (mutant == "any-pace")
    with({{"bounds.terminal_calls_a_second_max", "0"}}, [](Scene& scene) {
      be_greedy(scene);
      scene.tell_figures();
    });
  if (mutant == "remembers-no-face") with({}, show_a_recording);
  // What the careless server does wrong, it reads from its environment.
  const std::map<std::string, std::function<void(Scene&)>> careless{
      {"old-tls", knock_at_the_door}, {"any-certificate", knock_at_the_door},
      {"any-role", ask_for_too_much}, {"any-time", ask_for_too_much},
      {"mends-faces", show_no_face},  {"waits-for-the-silent", dawdle}};
  const auto found = careless.find(mutant);
  if (found == careless.end()) return;
  setenv("CARELESS", mutant.c_str(), 1);
  with({}, found->second, beside("careless_server"));
  unsetenv("CARELESS");
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
               .dials = {{"half-open", "connections that never finish a hello", 10'000, 1'300}},
               .mutants = {"no-revocation-list", "patient-handshake", "patient-message",
                           "patient-login", "endless-questions", "forgets-attempts", "one-address",
                           "any-pace", "remembers-no-face", "old-tls", "any-certificate",
                           "any-role", "any-time", "mends-faces", "waits-for-the-silent"}},
              count, arguments);
  if (take_last_core() == 0) trial.say("  server and terminals share one processor");
  if (trial.mutants().empty()) play(trial, {}, TerminalServer::default_binary());
  for (const std::string& each : trial.mutants()) {
    trial.expect_caught(
        each, [&] { play_under(trial, each, std::filesystem::canonical("/proc/self/exe")); });
  }
  return trial.close();
}

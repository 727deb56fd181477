// The demonstration day on a server in the test: the same acts that ops/run plays.
#pragma once

#include "ledger/client/demo/play.h"
#include "tests/client/shell.h"

namespace obverse::shell {

class Day {
 public:
  Day() : running_(config()) {
    for (const char* name :
         {"operator", "desk", "auditor", "G-M11", "G-M16", "G-M20", "G-C09", "T1", "T2"})
      estate_.terminal(name);
  }

  Said act(const std::string& name) {
    const ClientTls files = estate_.terminal("operator");
    std::vector<std::string> words{"--server",
                                   "127.0.0.1:" + std::to_string(running_.port()),
                                   "--authority",
                                   files.authority.string(),
                                   "--server-name",
                                   "localhost",
                                   "demo",
                                   "--keys",
                                   (estate_ / "").string(),
                                   "--state",
                                   state().string(),
                                   "--faces",
                                   "ops/demo/orl_faces.f32",
                                   "--tariff",
                                   "ops/tariffs/osaka-metro.json",
                                   "--policy",
                                   "ops/policy.json"};
    std::istringstream in(name);
    for (std::string word; in >> word;) words.push_back(word);
    return run(words);
  }
  std::filesystem::path state() const { return estate_ / "state"; }
  std::string told() const {
    std::ifstream in(state() / "told");
    return {std::istreambuf_iterator<char>(in), {}};
  }

 private:
  Config config() const {
    Config config = estate_.config();
    estate_.terminal("operator");
    config.operator_certificate = estate_ / "operator.pem";
    return config;
  }

  house::Estate estate_;
  house::Running running_;
};

}  // namespace obverse::shell

// `obverse` as a person types it, against a real server on loopback: the command line is parsed and
// run in the process, and what it printed is given back as JSON.
#pragma once

#include <CLI/CLI.hpp>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "ledger/client/commands/commands.h"
#include "ledger/client/commands/output.h"
#include "ledger/client/demo/demo.h"
#include "tests/server/house.h"

namespace obverse::shell {

struct Said {
  Ended ended = Ended::done;
  Json json;          // the last object printed
  std::string error;  // where the command failed before it could ask
};

// A thread has one event loop: each command has a thread of its own, as each has a process of its
// own in life.
inline Said run(std::vector<std::string> words) {
  Said said;
  std::ostringstream printed;
  std::thread([&] {
    Run run;
    run.settings.json = true;
    CLI::App app("obverse");
    app.add_option("--server", run.settings.server);
    app.add_option("--certificate", run.settings.certificate);
    app.add_option("--key", run.settings.key);
    app.add_option("--authority", run.settings.authority);
    app.add_option("--server-name", run.settings.server_name);
    app.add_option("--memory", run.settings.memory);
    add_person(app, run);
    add_wallet(app, run);
    add_gate(app, run);
    add_till(app, run);
    add_operate(app, run);
    add_desk(app, run);
    add_key(app, run);
    add_server(app, run);
    add_demo(app, run);
    auto* before = std::cout.rdbuf(printed.rdbuf());
    std::reverse(words.begin(), words.end());
    try {
      app.parse(words);
      said.ended = run.ended;
    } catch (const CommandFailed& failure) {
      said.ended = failure.ended();
      said.error = failure.what();
    } catch (const CLI::ParseError& failure) {
      said.ended = Ended::usage;
      said.error = failure.what();
    } catch (const std::exception& failure) {
      said.ended = Ended::usage;
      said.error = failure.what();
    }
    std::cout.rdbuf(before);
  }).join();
  std::istringstream lines(printed.str());
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("{")) said.json = Json::parse(line);
  return said;
}

// A service with people in it, and a file of faces: rows 4 * seed to 4 * seed + 3 are photos 1 to 4
// of the person of that seed.
class Service {
 public:
  Service() : running_(estate_.config()) {
    std::thread([this] {
      const auto loop = std::make_shared<ClientLoop>();
      house::Terminal first(loop, running_.port(), estate_.terminal("first-operator"));
      house::set_up(first, estate_);
    }).join();
    std::ofstream out(faces(), std::ios::binary);
    for (std::uint64_t seed = 0; seed < 6; ++seed)
      for (std::uint64_t which = 1; which <= 4; ++which) {
        const house::Numbers photo = house::photo(seed + 1, which);
        out.write(reinterpret_cast<const char*>(photo.data()),
                  static_cast<std::streamsize>(photo.size() * sizeof(float)));
      }
  }

  // The command, with that terminal's certificate.
  Said as(const std::string& terminal, const std::string& command) {
    const ClientTls files = estate_.terminal(terminal);
    std::vector<std::string> words{"--server",      "127.0.0.1:" + std::to_string(running_.port()),
                                   "--certificate", files.certificate.string(),
                                   "--key",         files.key.string(),
                                   "--authority",   files.authority.string(),
                                   "--server-name", "localhost"};
    std::istringstream in(command);
    for (std::string word; in >> word;) words.push_back(word);
    return run(words);
  }
  // The number of a person who was registered, enrolled, given a wallet, money and the PIN 2580.
  std::uint64_t person(std::uint64_t seed, std::int64_t yen) {
    const auto rider = as("enrolment", "person register").json["id"].get<std::uint64_t>();
    const std::string who = " --rider " + std::to_string(rider);
    const auto row = 4 * seed;
    const std::string rows = std::to_string(row) + "," + std::to_string(row + 1);
    for (const std::string& command :
         {"person consent --purpose transit" + who, "person consent --purpose payment" + who,
          "person enrol --face " + faces() + " --rows " + rows + who, "wallet open" + who,
          "wallet load --amount " + std::to_string(yen) + who,
          "person set-pin --pin " + pin() + who}) {
      const Said said = as("enrolment", command);
      if (said.ended != Ended::done) throw std::runtime_error(command + ": " + said.json.dump());
    }
    return rider;
  }
  std::string faces() const { return (estate_ / "faces.f32").string(); }
  // A file with the digits 2580.
  std::string pin() const {
    const auto file = estate_ / "pin-2580";
    std::ofstream(file) << "2580\n";
    return file.string();
  }
  std::string looking(std::uint64_t seed) const {
    return " --face " + faces() + " --row " + std::to_string(4 * seed + 2);
  }
  const house::Estate& estate() const { return estate_; }
  house::Running& running() { return running_; }

 private:
  house::Estate estate_;
  house::Running running_;
};

}  // namespace obverse::shell

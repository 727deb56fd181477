// obverse-audit: read a history from a copy or from a live server, and compute everything again.
// Needs no server.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <nlohmann/json.hpp>

#include "ledger/vault/sha256.h"
#include "replay/explain.h"
#include "replay/rebuild.h"
#include "replay/source.h"
#include "replay/verify.h"

namespace {

using namespace obverse;
using Json = nlohmann::ordered_json;

enum class Ended : int { sound = 0, faulty = 1, usage = 2 };

struct Options {
  std::filesystem::path directory;
  std::string server;
  LiveServer live;
  bool json = false;
  std::uint64_t position = 0;
  std::uint64_t rider = 0;
};

std::unique_ptr<const EventLog> open_history(Options& options) {
  if (!options.directory.empty()) {
    // Either the server's data folder or the log folder inside it.
    const auto inside = options.directory / "log";
    return history_of(std::filesystem::is_directory(inside) ? inside : options.directory);
  }
  const auto colon = options.server.rfind(':');
  if (colon == std::string::npos)
    throw SourceFault(
        "say where the history is: --data FOLDER (a copy), or --server HOST:PORT with "
        "--certificate, "
        "--key and --authority");
  options.live.host = options.server.substr(0, colon);
  options.live.port = static_cast<std::uint16_t>(std::stoul(options.server.substr(colon + 1)));
  return history_of(options.live, nullptr);
}

Ended run_verify(Options& options) {
  const auto log = open_history(options);
  const Verified result = verify(*log);
  Json out{{"verified", result.faults.empty()},
           {"position", result.last.value},
           {"chain", hex(result.chain)},
           {"state", hex(result.state)},
           {"events", result.events},
           {"report", result.report},
           {"faults", result.faults}};
  for (const auto& [currency, sum] : result.totals)
    out["trial_balance"][std::string(alphabetic(currency))] = sum.debits - sum.credits;
  if (options.json) {
    std::cout << out.dump() << '\n';
  } else {
    std::cout << fmt::format("{} records, {} events; chain {}\nstate {}\n", result.last.value,
                             result.events, hex(result.chain), hex(result.state));
    for (const auto& [currency, sum] : result.totals)
      std::cout << fmt::format("debits {} = credits {} {}\n", sum.debits, sum.credits,
                               alphabetic(currency));
    for (const std::string& line : result.report) std::cout << "note: " << line << '\n';
    for (const std::string& fault : result.faults) std::cout << "FAULT: " << fault << '\n';
    std::cout << (result.faults.empty() ? "verified: whole, unaltered, balanced\n" : "NOT sound\n");
  }
  return result.faults.empty() ? Ended::sound : Ended::faulty;
}

Ended run_rebuild(Options& options) {
  const auto log = open_history(options);
  std::optional<Position> at;
  if (options.position != 0) at = Position{options.position};
  const Rebuilt result = rebuild(*log, at);
  if (at && result.at != *at)
    throw SourceFault(fmt::format("the history ends at position {}", result.at.value));
  if (options.json) {
    Json out{
        {"position", result.at.value}, {"chain", hex(result.chain)}, {"state", hex(result.state)}};
    for (const BalanceLine& line : result.lines)
      out["balances"].push_back({{"account", text(line.account)},
                                 {"debits", line.debits},
                                 {"credits", line.credits},
                                 {"held", line.held}});
    std::cout << out.dump() << '\n';
    return Ended::sound;
  }
  std::int64_t sum = 0;
  std::cout << fmt::format("balances at position {}\n", result.at.value);
  for (const BalanceLine& line : result.lines) {
    sum += line.debits - line.credits;
    const std::int64_t balance = line.debits - line.credits;
    std::cout << fmt::format("  {:<36} {} {:>14}{}\n", text(line.account),
                             balance >= 0 ? "DR" : "CR", balance >= 0 ? balance : -balance,
                             line.held != 0 ? fmt::format("  held {}", line.held) : "");
  }
  std::cout << fmt::format("  sum {}\nstate {}\n", sum, hex(result.state));
  return Ended::sound;
}

Ended run_explain(Options& options) {
  if ((options.rider == 0) == (options.position == 0))
    throw SourceFault("say what to explain: --rider N, or --receipt POSITION");
  const auto log = open_history(options);
  Question question;
  if (options.rider != 0) question.rider = RiderId{options.rider};
  if (options.position != 0) question.position = Position{options.position};
  if (explain(*log, question, std::cout) == 0)
    throw SourceFault("the history has nothing about that");
  return Ended::sound;
}

void add_source(CLI::App& app, Options& options) {
  app.add_option("--data", options.directory, "a copy of a server's data folder");
  app.add_option("--server", options.server, "HOST:PORT of a live server")
      ->envname("OBVERSE_SERVER");
  app.add_option("--certificate", options.live.tls.certificate, "an auditor's certificate (PEM)");
  app.add_option("--key", options.live.tls.key, "its key (PEM)");
  app.add_option("--authority", options.live.tls.authority,
                 "who signed the server's certificate (PEM)");
  app.add_option("--server-name", options.live.name,
                 "name that the server's certificate must carry");
  app.add_flag("--json", options.json, "one JSON object");
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  Ended ended = Ended::sound;
  CLI::App app("obverse-audit: compute every balance again from the log, and say what happened");
  app.footer(
      "Examples:\n"
      "  obverse-audit verify --data copy-of-data\n"
      "  obverse-audit rebuild --data copy-of-data --at 1200 --json\n"
      "  obverse-audit explain --rider 7 --server 127.0.0.1:7443 --certificate a.pem --key a.key "
      "--authority ca.pem\n"
      "Exit status: 0 sound, 1 not sound, 2 usage or no history.");
  app.require_subcommand(1);
  CLI::App* verify_verb =
      app.add_subcommand("verify", "chain, both copies, records, trial balance");
  CLI::App* rebuild_verb =
      app.add_subcommand("rebuild", "every balance, at the end or at any position");
  CLI::App* explain_verb =
      app.add_subcommand("explain", "a person's or a receipt's story in words");
  for (CLI::App* verb : {verify_verb, rebuild_verb, explain_verb}) add_source(*verb, options);
  rebuild_verb->add_option("--at", options.position, "position, as on receipts");
  explain_verb->add_option("--rider", options.rider, "the person's number");
  explain_verb->add_option("--receipt", options.position, "position on the receipt");
  verify_verb->callback([&] { ended = run_verify(options); });
  rebuild_verb->callback([&] { ended = run_rebuild(options); });
  explain_verb->callback([&] { ended = run_explain(options); });
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : static_cast<int>(Ended::usage);
  } catch (const LogDamage& damage) {
    std::cerr << "obverse-audit: " << damage.what() << '\n';
    return static_cast<int>(Ended::faulty);
  } catch (const std::exception& failure) {
    std::cerr << "obverse-audit: " << failure.what() << '\n';
    return static_cast<int>(Ended::usage);
  }
  return static_cast<int>(ended);
}

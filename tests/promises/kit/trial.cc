#include "tests/promises/kit/trial.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <random>

namespace obverse::promises {
namespace {

std::int64_t now_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

std::string footer_of(const About& about) {
  std::string text;
  if (!about.mutants.empty()) {
    text += "Defects (--mutant NAME):";
    for (const std::string& each : about.mutants) text += " " + each;
    text += "\n";
  }
  text += "Examples:\n  ops/prove " + about.name + "\n";
  for (const std::string& each : about.examples) text += "  " + each + "\n";
  return text + "Exit codes: 0 every check held, 1 one did not, 2 wrong options.";
}

}  // namespace

Trial::Trial(About about, int count, char** arguments) : about_(std::move(about)) {
  CLI::App app{about_.promise};
  app.name("ops/prove " + about_.name);
  app.footer(footer_of(about_));
  std::string mutant;
  std::map<std::string, std::optional<std::uint64_t>> given;
  std::random_device dice;
  seed_ = (std::uint64_t{dice()} << 16U) ^ dice();
  app.add_option("--seed", seed_, "the run with this seed again; otherwise a new one is drawn");
  app.add_flag("--short", brief_, "the form that ops/test runs");
  app.add_flag("--json", json_, "one JSON object instead of text");
  app.add_option("--mutant", mutant, "with this defect, which must be caught; all: each in turn");
  for (const Dial& dial : about_.dials) {
    app.add_option("--" + dial.name, given[dial.name],
                   dial.what + " [" + std::to_string(dial.full) + "; short " +
                       std::to_string(dial.brief) + "]");
  }
  try {
    app.parse(count, arguments);
  } catch (const CLI::ParseError& wrong) {
    std::exit(app.exit(wrong) == 0 ? 0 : 2);
  }
  for (const Dial& dial : about_.dials)
    dials_[dial.name] = given[dial.name].value_or(brief_ ? dial.brief : dial.full);
  if (mutant == "all") mutants_ = about_.mutants;
  if (!mutant.empty() && mutant != "all") mutants_ = {mutant};
  for (const std::string& each : mutants_) {
    if (std::ranges::count(about_.mutants, each) > 0) continue;
    std::fprintf(stderr, "%s: no defect is called %s; --help lists them\n", about_.name.c_str(),
                 each.c_str());
    std::exit(2);
  }
  began_ms_ = now_ms();
  say(about_.name + ": " + about_.promise);
  say("seed " + std::to_string(seed_));
}

void Trial::progress(std::uint64_t done, std::uint64_t all, const std::string& words) {
  const std::int64_t now = now_ms();
  if (now - last_progress_ms_ < 1'000) return;
  last_progress_ms_ = now;
  std::fprintf(stderr, "  %s: %llu of %llu, %lld s%s%s\n", about_.name.c_str(),
               static_cast<unsigned long long>(done), static_cast<unsigned long long>(all),
               static_cast<long long>((now - began_ms_) / 1'000), words.empty() ? "" : ", ",
               words.c_str());
}

void Trial::say(const std::string& words) {
  if (json_) return;
  std::printf("%s\n", words.c_str());
  std::fflush(stdout);
}

void Trial::tell(Told told) {
  if (json_) {
    told_.push_back(std::move(told));
    return;
  }
  std::string line = "  " + told.kind + ": " + told.what;
  if (!told.measured.empty()) line += ": " + told.measured;
  if (!told.target.empty()) line += " (to reach: " + told.target + ")";
  if (!told.detail.empty()) line += "\n      " + told.detail;
  say(line);
}

void Trial::count(const std::string& what, bool held, const std::string& detail) {
  if (!under_mutant_) {
    ++(held ? passed_ : failed_);
  } else if (!held && !caught_by_) {
    caught_by_ = detail.empty() ? what : what + ": " + detail;
  }
}

void Trial::check(const std::string& what, bool held, const std::string& detail) {
  count(what, held, detail);
  if (!under_mutant_) tell({held ? "held" : "FAILED", what, "", "", held ? "" : detail, held});
}

void Trial::figure(const std::string& what, const std::string& measured, const std::string& target,
                   std::optional<bool> held) {
  const bool counts = held && !brief_;
  if (counts) count(what, *held, measured);
  if (under_mutant_) return;
  const char* const kind = !held ? "figure" : *held ? "held" : counts ? "FAILED" : "not held here";
  tell({kind, what, measured, target, "", held.value_or(true)});
}

void Trial::skip(const std::string& what, const std::string& why) {
  if (under_mutant_) return;
  ++skipped_;
  tell({"skipped", what, "", "", why, false});
}

void Trial::expect_caught(const std::string& mutant, const std::function<void()>& body,
                          bool throwing_counts) {
  under_mutant_ = true;
  caught_by_.reset();
  const std::int64_t began = now_ms();
  try {
    body();
  } catch (const std::exception& thrown) {
    if (throwing_counts && !caught_by_) caught_by_ = thrown.what();
    if (!throwing_counts) {
      under_mutant_ = false;
      check(mutant + " is caught", false, std::string("the trial itself threw: ") + thrown.what());
      return;
    }
  }
  under_mutant_ = false;
  const double seconds = static_cast<double>(now_ms() - began) / 1'000;
  const std::optional<std::string> by = std::exchange(caught_by_, std::nullopt);
  if (by) say("  " + mutant + ": caught after " + fixed(seconds, 1) + " s by: " + *by);
  check(mutant + " is caught", by.has_value(),
        "nothing noticed it in " + fixed(seconds, 1) + " s; seed " + std::to_string(seed_));
}

int Trial::close() {
  const bool good = failed_ == 0 && passed_ > 0;
  if (json_) {
    nlohmann::json out = {{"name", about_.name}, {"seed", seed_},       {"passed", passed_},
                          {"failed", failed_},   {"skipped", skipped_}, {"told", {}}};
    for (const Told& each : told_)
      out["told"].push_back({{"kind", each.kind},
                             {"what", each.what},
                             {"measured", each.measured},
                             {"target", each.target},
                             {"detail", each.detail},
                             {"held", each.held}});
    std::printf("%s\n", out.dump().c_str());
    return good ? 0 : 1;
  }
  std::printf("%llu passed, %llu failed", static_cast<unsigned long long>(passed_),
              static_cast<unsigned long long>(failed_));
  if (skipped_ > 0) std::printf(", %llu skipped", static_cast<unsigned long long>(skipped_));
  std::printf("\n");
  return good ? 0 : 1;
}

std::string fixed(double value, int places) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", places, value);
  return text;
}

double quantile(std::vector<double>& values, double part) {
  if (values.empty()) return 0;
  std::ranges::sort(values);
  const auto last = static_cast<double>(values.size() - 1);
  return values[static_cast<std::size_t>(part * last + 0.5)];
}

}  // namespace obverse::promises

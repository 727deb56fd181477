// How near the exact search is to the speed of memory: one probe against 100,000 templates of 512
// dimensions, beside reading the same bytes, the same number of times, in the same run, in turns.
// The ratio is the result; the times depend on the machine and its neighbours.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <functional>
#include <iostream>
#include <random>

#include "benchmarks/report.h"
#include "matcher/gallery.h"
#include "matcher/kernels/choose.h"
#include "matcher/matcher.h"
#include "matcher/scan.h"

namespace obverse {
namespace {

constexpr std::uint32_t dimensions = 512;
constexpr double gigabyte = 1e9;

struct Settings {
  std::uint32_t templates = 100000;
  int turns = 41;
  bool json = false;
};

double milliseconds(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
      .count();
}

double median(std::vector<double> values) {
  std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2));
  return values[values.size() / 2];
}

// Unit vectors whose spread falls over the dimensions, as real embeddings' does: nobody's face.
Template random_face(std::mt19937& random) {
  std::normal_distribution<float> normal;
  std::vector<float> numbers(dimensions);
  double squares = 0;
  for (std::uint32_t i = 0; i < dimensions; ++i) {
    numbers[i] = normal(random) * std::pow(10.0F + static_cast<float>(i), -0.4F);
    squares += double{numbers[i]} * double{numbers[i]};
  }
  for (float& number : numbers) number = static_cast<float>(number / std::sqrt(squares));
  return quantise(mobilefacenet_512(), numbers).value();
}

// Every byte that the search reads, added up in 64-bit words, with the same hints ahead.
std::uint64_t read_all(const Faces& faces) {
  std::uint64_t sums[8] = {};
  constexpr std::size_t lines = sizeof(Group) / 64 + dimensions / 4;
  for (std::uint32_t index = 0; index < faces.groups(); ++index) {
    const auto* here = reinterpret_cast<const char*>(&faces.group(index));
    const auto* ahead =
        reinterpret_cast<const char*>(&faces.group(index + 1 < faces.groups() ? index + 1 : index));
    for (std::size_t line = 0; line < lines; ++line) {
      __builtin_prefetch(ahead + line * 64);
      std::uint64_t words[8];
      std::memcpy(words, here + line * 64, sizeof words);
      for (int i = 0; i < 8; ++i) sums[i] += words[i];
    }
  }
  std::uint64_t sum = 0;
  for (const std::uint64_t part : sums) sum += part;
  return sum;
}

struct Measured {
  std::vector<double> read_ms;
  std::vector<double> scan_ms;
  std::vector<double> ratio;  // reading's time over the search's, in each turn
};

Measured measure(const Faces& faces, const Kernel& kernel, const ScanProbe& probe, int turns,
                 std::uint64_t& sink) {
  Measured measured;
  for (int turn = -2; turn < turns; ++turn) {  // two to warm up
    const double read = milliseconds([&] { sink += read_all(faces); });
    const double scanned = milliseconds([&] {
      TopTwo top;
      scan(faces, kernel, probe, 0, faces.groups(), top);
      sink += static_cast<std::uint64_t>(top.score());
    });
    if (turn < 0) continue;
    measured.read_ms.push_back(read);
    measured.scan_ms.push_back(scanned);
    measured.ratio.push_back(read / scanned);
  }
  return measured;
}

std::vector<std::string> row(const std::string& name, const Measured& measured, double bytes) {
  const double scan_ms = median(measured.scan_ms);
  return {name,
          fixed(median(measured.read_ms), 3),
          fixed(scan_ms, 3),
          fixed(bytes / gigabyte / (scan_ms / 1000), 1),
          fixed(100 * median(measured.ratio), 1),
          fixed(100 * *std::ranges::min_element(measured.ratio), 1),
          fixed(100 * *std::ranges::max_element(measured.ratio), 1)};
}

// Through the door: what a caller waits for, threads included.
void whole_searches(Report& report, const std::vector<Template>& faces, const Template& probe,
                    int turns) {
  std::vector<std::vector<std::string>> rows;
  for (const unsigned threads : {1U, 2U}) {
    Matcher matcher(mobilefacenet_512(), "", threads);
    std::uint64_t label = 0;
    for (const Template& face : faces) {
      ++label;
      matcher.enrol({label, 1}, std::span(&face, 1), label);
    }
    std::vector<double> identify;
    std::vector<double> verify;
    for (int turn = 0; turn < turns; ++turn) {
      identify.push_back(milliseconds([&] { matcher.identify(probe); }));
      verify.push_back(milliseconds([&] {
        for (std::uint64_t i = 0; i < 1000; ++i) matcher.verify(probe, 1 + i * 7919 % label);
      }));
    }
    rows.push_back({std::to_string(threads), fixed(median(identify), 3), fixed(median(verify), 3)});
  }
  report.table("Whole calls, medians, best kernel", {"threads", "identify ms", "verify us"}, rows);
}

int run(const Settings& settings) {
  std::mt19937 random(20240607);
  std::vector<Template> faces;
  for (std::uint32_t i = 0; i < settings.templates; ++i) faces.push_back(random_face(random));
  const Template probe = random_face(random);
  Gallery gallery(dimensions);
  const double enrol_ms = milliseconds([&] {
    std::uint64_t label = 0;
    for (const Template& face : faces) {
      ++label;
      gallery.enrol({label, 1}, std::span(&face, 1), label);
    }
  });
  const Gallery::Reading reading(gallery);
  const double bytes = reading.faces().groups() * (sizeof(Group) + dimensions / 4 * 64.0);
  Report report(settings.json);
  report.note("One probe, one thread, " + std::to_string(settings.templates) + " x " +
              std::to_string(dimensions) + ", " + fixed(bytes / gigabyte, 4) + " GB with labels; " +
              std::to_string(settings.turns) + " turns; filled in " + fixed(enrol_ms, 0) + " ms");
  std::uint64_t sink = 0;
  std::vector<std::vector<std::string>> rows;
  for (const std::string_view name : kernel_names()) {
    const auto present = kernels_present();
    const auto found =
        std::ranges::find_if(present, [&](const Kernel* kernel) { return kernel->name == name; });
    if (found == present.end()) {
      rows.push_back(
          {std::string(name) + " (skipped: not on this CPU)", "-", "-", "-", "-", "-", "-"});
    } else {
      rows.push_back(row(std::string(name),
                         measure(reading.faces(), **found, ScanProbe(probe), settings.turns, sink),
                         bytes));
    }
  }
  report.table("Search against reading the same bytes (medians; 100 % is the speed of memory)",
               {"kernel", "read ms", "search ms", "GB/s", "read/search %", "min %", "max %"}, rows);
  whole_searches(report, faces, probe, settings.turns);
  report.check("something was read", sink != 0);
  return report.close();
}

}  // namespace
}  // namespace obverse

int main(int count, char** words) {
  obverse::Settings settings;
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    if (word == "--json") {
      settings.json = true;
    } else if (word == "--quick") {
      settings.templates = 10000;
      settings.turns = 5;
    } else {
      std::cerr << "match_bench [--json] [--quick]: the exact search against reading its bytes\n";
      return word == "--help" ? 0 : 2;
    }
  }
  return obverse::run(settings);
}

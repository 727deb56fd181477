#include "ledger/gtfs/report.h"

namespace obverse::gtfs {

std::string_view name(Weight weight) {
  switch (weight) {
    case Weight::note:
      return "note";
    case Weight::warning:
      return "warning";
    case Weight::error:
      return "error";
  }
  return "error";
}

std::string text(const Place& place) {
  std::string out = place.file;
  if (place.line != 0) out += " line " + std::to_string(place.line);
  if (!place.column.empty()) out += ", " + place.column;
  return out;
}

std::string text(const Finding& finding) { return text(finding.place) + ": " + finding.what; }

std::string text(const Fault& fault) { return text(fault.place) + ": " + fault.what; }

void Report::add(Weight weight, std::string kind, Place place, std::string what) {
  ++weights_[weight];
  const std::size_t now = ++kinds_[kind];
  if (now > findings_of_kind_max) return;
  findings_.push_back({weight, std::move(kind), std::move(place), std::move(what)});
}

void Report::add(const Report& other) {
  std::map<std::string, std::size_t> kept;
  for (const Finding& finding : other.findings_) {
    ++kept[finding.kind];
    if (++kinds_[finding.kind] <= findings_of_kind_max) findings_.push_back(finding);
  }
  for (const auto& [kind, number] : other.kinds_) kinds_[kind] += number - kept[kind];
  for (const auto& [weight, number] : other.weights_) weights_[weight] += number;
}

std::size_t Report::count(Weight weight) const {
  const auto found = weights_.find(weight);
  return found == weights_.end() ? 0 : found->second;
}

std::size_t Report::count(std::string_view kind) const {
  const auto found = kinds_.find(kind);
  return found == kinds_.end() ? 0 : found->second;
}

}  // namespace obverse::gtfs

// A tariff file of this product, priced by the ledger's own rules: what the server would accept,
// and what a gate would charge.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "ledger/client/commands/output.h"
#include "ledger/gtfs/fares.h"
#include "ledger/gtfs/sheet.h"
#include "ledger/rules/places/fares.h"

namespace obverse {

class PricedFile {
 public:
  // Throws CommandFailed where the file cannot be read.
  explicit PricedFile(const std::filesystem::path&);

  // What the server would say to it; nothing where it would publish it.
  std::optional<Refusal> refused() const { return refused_; }
  const Tariff& tariff() const { return tariff_; }

  // Of a tariff that is not refused. The same station costs by the time between in and out.
  gtfs::Answer price(const gtfs::Leg&, const std::string& category) const;
  gtfs::Sheet sheet() const;

 private:
  Tariff tariff_;
  std::string transit_;
  std::optional<Refusal> refused_;
  Fares fares_;
};

}  // namespace obverse

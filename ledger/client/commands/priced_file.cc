#include "ledger/client/commands/priced_file.h"

#include <capnp/message.h>

#include "ledger/client/commands/tariff_file.h"
#include "ledger/rules/people/parties.h"
#include "ledger/wire/tariff_wire.h"

namespace obverse {
namespace {

constexpr OperatorId its_operator{1};

}  // namespace

PricedFile::PricedFile(const std::filesystem::path& file) {
  capnp::MallocMessageBuilder message;
  const auto built = message.initRoot<rpc::Tariff>();
  read_tariff(file, built);
  tariff_ = *wire::tariff_of(built.asReader(), its_operator);  // read_tariff() knew the currency
  transit_ = built.asReader().getTransitOperator().cStr();
  Parties parties;
  apply(parties, OperatorRegistered{its_operator, transit_});
  const Decision decision = decide(fares_, parties, PublishTariff{tariff_}, Moment{});
  if (const auto* refusal = std::get_if<Refused>(&decision.reply)) refused_ = refusal->refusal;
  if (!refused_) apply(fares_, TariffPublished{TariffVersion{1}, tariff_});
}

gtfs::Answer PricedFile::price(const gtfs::Leg& leg, const std::string& category) const {
  using gtfs::Unknown;
  using gtfs::Why;
  if (category != "adult" && category != "child" && !category.empty())
    return Unknown{Why::unknown_category, category + " (a tariff file has adult and child)"};
  const auto from = station_of(tariff_, leg.from);
  const auto to = station_of(tariff_, leg.to);
  if (!from || !to) return Unknown{Why::unknown_stop, from ? leg.to : leg.from};
  if (!leg.depart || leg.depart->utc() * 1000 < tariff_.effective_from.ms)
    return Unknown{Why::not_in_force, tariff_.code};
  Duration elapsed;
  if (*from == *to) {
    if (!leg.arrive) return Unknown{Why::fact_missing, "the time of arrival at the same station"};
    elapsed = seconds(leg.arrive->utc() - leg.depart->utc());
  }
  const Fare found =
      fare(priced(fares_, TariffVersion{1}),
           category == "child" ? Category::child : Category::adult, *from, *to, elapsed);
  return gtfs::Price{found.amount, {tariff_.code}, "", "single"};
}

gtfs::Sheet PricedFile::sheet() const {
  gtfs::Sheet sheet;
  const auto put = [&](const std::string& what, std::int64_t minor) {
    sheet[what] = text(Money{minor, tariff_.currency});
  };
  put("maximum, adult", tariff_.maximum_adult_minor);
  put("maximum, child", tariff_.maximum_child_minor);
  put("needed to enter, adult", tariff_.entry_minimum_adult_minor);
  put("needed to enter, child", tariff_.entry_minimum_child_minor);
  sheet["journey window"] = std::to_string(tariff_.journey_window.ms / 60'000) + " minutes";
  sheet["free at the same station"] =
      std::to_string(tariff_.same_station_free.ms / 1'000) + " seconds";
  const Priced& all = priced(fares_, TariffVersion{1});
  for (std::size_t a = 0; a < tariff_.stations.size(); ++a)
    for (std::size_t b = a + 1; b < tariff_.stations.size(); ++b)
      for (const auto& [category, words] :
           {std::pair(Category::adult, "adult"), std::pair(Category::child, "child")}) {
        const auto station = [](std::size_t i) { return StationId{static_cast<std::uint16_t>(i)}; };
        const Fare found = fare(all, category, station(a), station(b), {});
        put(tariff_.stations[a] + " - " + tariff_.stations[b] + ", " + words, found.amount.minor);
      }
  return sheet;
}

}  // namespace obverse

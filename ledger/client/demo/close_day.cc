// The last act: the books, from an auditor's certificate, and the table of the day.
#include <algorithm>
#include <iomanip>
#include <iostream>
#include <map>

#include "ledger/client/demo/demo.h"
#include "ledger/client/demo/play.h"
#include "ledger/model/account.h"

namespace obverse {
namespace {

struct Sum {
  std::int64_t debits = 0;
  std::int64_t credits = 0;
};

void add(Sum& sum, rpc::Balance::Reader line) {
  sum.debits += line.getDebits();
  sum.credits += line.getCredits();
}

void show_books(Play& play) {
  Session& auditor = play.as("auditor");
  const auto response = auditor.auditor().balancesRequest().send().wait(auditor.wait_scope());
  std::map<std::uint16_t, Sum> charts;
  Sum all;
  for (const auto line : response.getBalances()) {
    add(charts[line.getChart()], line);
    add(all, line);
  }
  std::cout << "\nThe books at position " << response.getAt().getPosition() << ", in yen\n";
  for (const auto& [chart, sum] : charts)
    std::cout << "  " << chart << ' ' << std::left << std::setw(18)
              << name(static_cast<Chart>(chart)) << std::right << " debits " << std::setw(12)
              << sum.debits << "  credits " << std::setw(12) << sum.credits << "  balance "
              << std::setw(12) << sum.debits - sum.credits << '\n';
  std::cout << "       trial balance: " << all.debits - all.credits << '\n';
  if (all.debits != all.credits || charts.empty())
    play.failures.push_back("the books do not balance");
}

double quantile(std::vector<double>& sorted, double share) {
  const auto at = static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1));
  return sorted[at];
}

}  // namespace

void close_day(Play& play) {
  std::cout << "\nWhat happened\n";
  for (const std::string& line : told(play)) std::cout << line << '\n';
  show_books(play);
  std::vector<double> times = latencies(play);
  std::sort(times.begin(), times.end());
  if (!times.empty())
    std::cout << "\nFace to receipt over TLS, durable: p50 " << std::fixed << std::setprecision(1)
              << quantile(times, 0.5) << " ms, p99 " << quantile(times, 0.99) << " ms of "
              << times.size() << " requests, one at a time\n";
}

}  // namespace obverse

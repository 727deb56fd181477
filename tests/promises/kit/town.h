// A real server as a process of its own, and people who pay in it: for promises that link the
// server's and the client's rooms.
#pragma once

#include <atomic>
#include <chrono>
#include <deque>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "benchmarks/house.h"
#include "tests/promises/kit/process.h"

namespace obverse::promises {

// Settings for a server of the estate's certificates whose data lies in `data`.
inline void write_settings(const house::Estate& estate, const std::filesystem::path& data,
                           const std::filesystem::path& to) {
  const auto quoted = [&](const char* name) { return '"' + (estate / name).string() + '"'; };
  std::ofstream(to) << "[server]\nport = 0\nlog_level = \"info\"\ndata_directory = \""
                    << data.string() << "\"\n[tls]\ncertificate = " << quoted("server.pem")
                    << "\nkey = " << quoted("server.key")
                    << "\nclient_authority = " << quoted("authority.pem")
                    << "\n[vault]\nkek_file = " << quoted("kek") << "\n[matcher]\nenrolments = 8\n"
                    << "[bounds]\nfree_mib_min = 1\nsnapshot_every = 2000\n[bootstrap]\n"
                    << "operator_certificate = " << quoted("first-operator.pem") << "\n";
}

// A thread may have one event loop: whoever opens terminals does it on a thread of its own.
inline void on_thread(const std::function<void()>& body) {
  std::exception_ptr thrown;
  std::thread([&] {
    try {
      body();
    } catch (const kj::Exception& fault) {
      thrown = std::make_exception_ptr(std::runtime_error(fault.getDescription().cStr()));
    } catch (...) {
      thrown = std::current_exception();
    }
  }).join();
  if (thrown) std::rethrow_exception(thrown);
}

using Paid = capnp::Response<rpc::Checkout::PayResults>;

// One yen, with that face.
inline capnp::RemotePromise<rpc::Checkout::PayResults> pay(house::Terminal& till,
                                                           std::uint64_t attempt,
                                                           const house::Numbers& face) {
  auto request = till.checkout().payRequest();
  house::fill(request.initAttempt(), house::key(attempt));
  house::fill(request.initPresence().initProbe(), face);
  request.initAmount().setMinor(1);
  request.getAmount().setCurrency(392);
  return request.send();
}

inline std::vector<kj::byte> bytes_of(capnp::Data::Reader data) {
  return {data.begin(), data.end()};
}

// The newest that an answer showed: what a terminal says hello with.
inline house::Seen seen_in(rpc::PayOutcome::Reader outcome) {
  const auto receipt = outcome.getReceipt();
  return {receipt.getHeadPosition(), bytes_of(receipt.getHeadChain()), bytes_of(receipt.getMark())};
}

}  // namespace obverse::promises

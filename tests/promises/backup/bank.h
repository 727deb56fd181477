// A real server with people who pay at several tills at once, and `obverse-backup` beside it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/promises/kit/town.h"

namespace obverse::promises {

struct Load {
  std::vector<double> micros;  // of every payment that was approved
  std::uint64_t declined = 0;
};

// One payment, to be asked for again.
struct Remembered {
  std::uint64_t attempt = 0;
  std::size_t person = 0;
  std::uint64_t purchase = 0;
  std::vector<kj::byte> chain;
};

class Bank {
 public:
  // Registers everybody, and goes on serving.
  explicit Bank(std::uint64_t people);

  // So many records more, written by the engine while no server is there: a history that takes a
  // backup longer than its start.
  void live_on(std::uint64_t records);
  void serve(const std::filesystem::path& data);  // on that data directory from now on
  int stop();
  const ServerProcess& server() const { return *server_; }
  bool serves() const { return server_.has_value(); }

  // Every till pays one face after the other.
  Load pay_for(std::chrono::milliseconds time, unsigned tills);
  Remembered pay_once();
  house::Seen newest() const { return newest_; }  // that any answer showed

  // What a till that was shown so much is told at login; empty if it may serve. `pays`: then it
  // also pays, and what it asks again gets the answer of before.
  std::string log_in(const house::Seen& seen, const std::optional<Remembered>& again = {});

  Finished backup(const std::vector<std::string>& arguments) const;

  const house::Estate& estate() const { return estate_; }
  std::filesystem::path folder(const std::string& name) const { return estate_ / name; }
  std::filesystem::path data() const { return data_; }
  std::filesystem::path kek() const { return estate_ / "kek"; }

 private:
  void note(const house::Seen& seen);

  house::Estate estate_;
  std::filesystem::path data_ = estate_ / "data";
  std::optional<ServerProcess> server_;
  std::uint64_t people_;
  std::vector<house::Numbers> faces_;
  std::atomic<std::uint64_t> attempt_{10'000'000};
  std::mutex noting_;
  house::Seen newest_;
};

}  // namespace obverse::promises

#include "tests/promises/throughput/postgres.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <memory>
#include <stdexcept>

namespace obverse::promises {
namespace {

constexpr const char* programs = "/usr/lib/postgresql/15/bin/";

constexpr const char* settings = R"(
listen_addresses = ''
max_connections = 300
shared_buffers = 512MB
wal_buffers = 16MB
max_wal_size = 8GB
checkpoint_timeout = 1h
autovacuum = off
fsync = on
wal_sync_method = fdatasync
full_page_writes = on
)";

constexpr const char* schema = R"(
CREATE TABLE accounts (id bigint PRIMARY KEY, debits bigint NOT NULL, credits bigint NOT NULL,
                       CHECK (credits >= debits));
CREATE TABLE transfers (id bigserial PRIMARY KEY, attempt uuid NOT NULL UNIQUE,
                        debit bigint NOT NULL, credit bigint NOT NULL, amount bigint NOT NULL,
                        recorded_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE entries (transfer bigint NOT NULL, account bigint NOT NULL, amount bigint NOT NULL);
CREATE FUNCTION post(account bigint, debit bigint, credit bigint) RETURNS void
LANGUAGE plpgsql AS $$ BEGIN
  UPDATE accounts SET debits = debits + debit, credits = credits + credit
    WHERE id = account AND credits + credit >= debits + debit;
  IF NOT FOUND THEN RAISE EXCEPTION 'funds must cover the amount'; END IF;
END $$;
CREATE FUNCTION transfer(debit bigint, credit bigint, amount bigint) RETURNS bigint
LANGUAGE plpgsql AS $$ DECLARE made bigint; BEGIN
  IF debit < credit THEN  -- always in one order: no deadlock
    PERFORM post(debit, amount, 0); PERFORM post(credit, 0, amount);
  ELSE
    PERFORM post(credit, 0, amount); PERFORM post(debit, amount, 0);
  END IF;
  INSERT INTO transfers (attempt, debit, credit, amount)
    VALUES (gen_random_uuid(), debit, credit, amount) RETURNING id INTO made;
  INSERT INTO entries VALUES (made, debit, -amount), (made, credit, amount);
  RETURN made;
END $$;
INSERT INTO accounts SELECT id, 0, 1000000000 FROM generate_series(1, 10000) id;
)";

constexpr const char* script = R"(
\set debit random(1, 10000)
\set credit (:debit + random(1, 9998)) % 10000 + 1
SELECT transfer(:debit, :credit, 1);
)";

std::string as_its_user() { return ::geteuid() == 0 ? "runuser -u postgres -- " : ""; }

// The number after `words`.
double number_after(const std::string& text, const std::string& words) {
  const std::size_t at = text.find(words);
  if (at == std::string::npos) throw std::runtime_error("pgbench did not say: " + words);
  return std::stod(text.substr(at + words.size()));
}

}  // namespace

std::optional<std::string> Postgres::missing() {
  if (::access((std::string(programs) + "pgbench").c_str(), X_OK) == 0) return std::nullopt;
  return "PostgreSQL 15 is not installed: apt-get install postgresql-15";
}

Postgres::Postgres(const std::filesystem::path& folder, bool synced)
    : folder_((folder / "postgres").string()) {
  std::filesystem::permissions(folder, std::filesystem::perms::others_exec,
                               std::filesystem::perm_options::add);
  std::filesystem::create_directory(folder_);
  std::filesystem::permissions(folder_, std::filesystem::perms::all);
  const std::string bin = as_its_user() + programs;
  run(bin + "initdb -D " + folder_ + "/data -A trust -U obverse -E UTF8 --no-locale --no-sync");
  write("settings.conf", settings + std::string("unix_socket_directories = '") + folder_ +
                             "'\nsynchronous_commit = " + (synced ? "on" : "off") + "\n");
  write("schema.sql", schema);
  write("script.sql", script);
  run(as_its_user() + "cp " + folder_ + "/settings.conf " + folder_ + "/data/postgresql.auto.conf");
  run(bin + "pg_ctl -D " + folder_ + "/data -l " + folder_ + "/log -w start");
  run(bin + "psql -h " + folder_ + " -U obverse -q -v ON_ERROR_STOP=1 -f " + folder_ +
      "/schema.sql postgres");
  ask("CHECKPOINT");
}

Postgres::~Postgres() {
  try {
    run(as_its_user() + programs + "pg_ctl -D " + folder_ + "/data -m immediate -w stop");
    run(as_its_user() + "rm -rf " + folder_ + "/data");
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "PostgreSQL was not stopped: %s\n", failure.what());
  }
}

void Postgres::round(std::size_t clients, double seconds, Measured& measured) {
  const std::uint64_t before = syncs();
  // Its clients need time to connect, which it does not count.
  const auto whole = static_cast<int>(std::ceil(seconds)) + static_cast<int>(clients / 64);
  const std::string said =
      run(as_its_user() + programs + "pgbench -h " + folder_ + " -U obverse -n -M prepared -c " +
          std::to_string(clients) + " -j " + std::to_string(std::min<std::size_t>(clients, 2)) +
          " -T " + std::to_string(whole) + " -f " + folder_ + "/script.sql postgres");
  const double transactions = number_after(said, "number of transactions actually processed: ");
  if (number_after(said, "number of failed transactions: ") > 0)
    throw std::runtime_error("PostgreSQL refused transfers");
  measured.transactions += static_cast<std::uint64_t>(transactions);
  measured.seconds += transactions / number_after(said, "tps = ");
  measured.syncs += syncs() - before;
}

std::uint64_t Postgres::syncs() const {
  ask("SELECT pg_stat_force_next_flush()");
  return std::stoull(ask("SELECT wal_sync FROM pg_stat_wal"));
}

std::string Postgres::ask(const std::string& sql) const {
  return run(as_its_user() + programs + "psql -h " + folder_ + " -U obverse -q -A -t -c \"" + sql +
             "\" postgres");
}

std::string Postgres::run(const std::string& command) const {
  std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(("cd / && " + command + " 2>&1").c_str(), "r"),
                                             ::pclose);
  if (!pipe) throw std::runtime_error("no shell");
  std::string said;
  std::array<char, 4'096> bytes{};
  while (const std::size_t got = std::fread(bytes.data(), 1, bytes.size(), pipe.get()))
    said.append(bytes.data(), got);
  if (::pclose(pipe.release()) != 0) throw std::runtime_error(command + ": " + said);
  return said;
}

void Postgres::write(const std::string& name, const std::string& text) const {
  std::ofstream(folder_ + "/" + name) << text;
}

}  // namespace obverse::promises

#include "replay/source.h"

#include <capnp/message.h>

#include <algorithm>

#include "ledger/log/memory_log.h"
#include "ledger/log/read_only_log.h"
#include "schemas/terminal.capnp.h"

namespace obverse {
namespace {

bool same(const Digest& ours, capnp::Data::Reader theirs) {
  return std::equal(ours.bytes.begin(), ours.bytes.end(), theirs.begin(), theirs.end());
}

// Takes the server's chunks into a log of our own, which computes the chain itself.
class Collector final : public rpc::Auditor::Sink::Server {
 public:
  Collector(MemoryLog& log, void (*progress)(std::uint64_t))
      : log_(log), head_(log.acquire()), progress_(progress) {}

  kj::Promise<void> chunk(ChunkContext context) override {
    const auto chunk = context.getParams();
    if (chunk.getFirst() != head_.last.value + 1)
      fault_ = "the server left out records after " + text_of_head();
    for (const auto record : chunk.getRecords()) {
      if (!fault_.empty()) break;
      take(record);
    }
    if (progress_ != nullptr) progress_(head_.last.value);
    return kj::READY_NOW;
  }

  kj::Promise<void> done(DoneContext context) override {
    const auto end = context.getParams();
    if (fault_.empty() &&
        (end.getNext() != head_.last.value + 1 || !same(head_.chain, end.getChain())))
      fault_ = "the history ends at " + text_of_head() + ", but the server says it ends elsewhere";
    whole_ = true;
    return kj::READY_NOW;
  }

  const std::string& fault() const { return fault_; }
  bool whole() const { return whole_; }

 private:
  void take(rpc::Record::Reader record) {
    const auto payload = record.getPayload();
    const NewEntry entry{Bytes(reinterpret_cast<const char*>(payload.begin()), payload.size()),
                         std::nullopt};
    if (log_.append(head_, std::span(&entry, 1)) != Appended::committed) {
      fault_ = "a record could not be kept after " + text_of_head();
    } else if (!same(head_.chain, record.getChain())) {
      fault_ = "the chain breaks at position " + std::to_string(head_.last.value) +
               ": the record's bytes and the server's chain do not belong together";
    }
  }
  std::string text_of_head() const { return "position " + std::to_string(head_.last.value); }

  MemoryLog& log_;
  Head head_;
  void (*progress_)(std::uint64_t);
  std::string fault_;
  bool whole_ = false;
};

rpc::Auditor::Client auditor_of(capnp::Response<rpc::Entrance::LoginResults>& login) {
  if (!login.hasAuditor())
    throw SourceFault("this certificate is registered as " +
                      std::string(login.getWelcome().getRole().cStr()) +
                      ", which may not read the books: use an auditor's certificate");
  return login.getAuditor();
}

}  // namespace

std::unique_ptr<const EventLog> history_of(const std::filesystem::path& directory) {
  if (!std::filesystem::is_directory(directory))
    throw SourceFault(directory.string() +
                      " is not a folder: give the log folder of a data directory's copy");
  RocksLogOptions options;
  options.verify_all = true;
  return open_read_only(directory.string(), options);
}

std::unique_ptr<const EventLog> history_of(const LiveServer& server,
                                           void (*progress)(std::uint64_t)) {
  auto log = std::make_unique<MemoryLog>();
  try {
    Connection connection(server.host, server.port, server.tls, server.name);
    auto request = connection.bootstrap().castAs<rpc::Entrance>().loginRequest();
    request.initHello().setSoftware("obverse-audit");
    auto login = request.send().wait(connection.wait_scope());
    auto collector = kj::heap<Collector>(*log, progress);
    const Collector& seen = *collector;
    rpc::Auditor::Sink::Client sink = kj::mv(collector);
    auto reading = auditor_of(login).historyRequest();
    reading.setFrom(1);
    reading.setSink(sink);
    reading.send().wait(connection.wait_scope());
    if (!seen.fault().empty()) throw SourceFault(seen.fault());
    if (!seen.whole())
      throw SourceFault("the server stopped before the end of the history: ask again");
  } catch (const kj::Exception& failure) {
    throw SourceFault(std::string("the server ended the call: ") + failure.getDescription().cStr());
  }
  return log;
}

}  // namespace obverse

// Certificates, and a listener with its echo service.
#include "tests/server/transport/transport_fixture.h"

#include <stdlib.h>

#include <boost/test/unit_test.hpp>

namespace obverse {
namespace {

class TillServer final : public EchoTill::Server {
 public:
  explicit TillServer(Deeds& deeds) : deeds_(deeds) {}

  kj::Promise<void> pay(PayContext context) override {
    ++deeds_.begun;
    kj::Promise<void> before = kj::READY_NOW;
    if (deeds_.answers_wait) {
      auto wait = kj::newPromiseAndFulfiller<void>();
      deeds_.held.push_back(kj::mv(wait.fulfiller));
      before = kj::mv(wait.promise);
    }
    return before.then([this, context]() mutable {
      const std::lock_guard lock(deeds_.mutex);
      deeds_.paid += context.getParams().getAmount();
      context.getResults().setTotal(deeds_.paid);
      ++deeds_.done;
    });
  }

  kj::Promise<void> total(TotalContext context) override {
    const std::lock_guard lock(deeds_.mutex);
    context.getResults().setTotal(deeds_.paid);
    return kj::READY_NOW;
  }

 private:
  Deeds& deeds_;
};

class EchoServer final : public Echo::Server {
 public:
  EchoServer(Deeds& deeds, PeerIdentity peer, std::shared_ptr<ConnectionHandle> handle,
             std::shared_ptr<const Incidents> incidents)
      : deeds_(deeds),
        peer_(std::move(peer)),
        handle_(std::move(handle)),
        incidents_(std::move(incidents)) {
    ++deeds_.entrances;
  }
  ~EchoServer() { ++deeds_.entrances_gone; }

  kj::Promise<void> login(LoginContext context) override {
    handle_->logged_in();
    context.getResults().setTill(kj::heap<TillServer>(deeds_));
    return kj::READY_NOW;
  }

  kj::Promise<void> echo(EchoContext context) override {
    context.getResults().setPayload(context.getParams().getPayload());
    return kj::READY_NOW;
  }

  kj::Promise<void> grow(GrowContext context) override {
    context.getResults().initPayload(context.getParams().getBytes());
    return kj::READY_NOW;
  }

  kj::Promise<void> who(WhoContext context) override {
    context.getResults().setSubject(peer_.subject);
    return kj::READY_NOW;
  }

  kj::Promise<void> nest(NestContext context) override {
    std::uint32_t depth = 0;
    for (auto at = context.getParams().getValue(); at.hasInner(); at = at.getInner()) ++depth;
    context.getResults().setDepth(depth);
    return kj::READY_NOW;
  }

  kj::Promise<void> fail(FailContext context) override {
    switch (context.getParams().getKind()) {
      case Echo::Kind::STANDARD:
        throw std::runtime_error("the secret is in /var/lib");
      case Echo::Kind::RPC:
        KJ_FAIL_REQUIRE("the secret is in a template");
      case Echo::Kind::OVERLOADED:
        kj::throwFatalException(KJ_EXCEPTION(OVERLOADED, "the secret is in the queue"));
      default:
        return guarded(*incidents_, [] { throw std::runtime_error("the secret is in the guard"); });
    }
  }

 private:
  Deeds& deeds_;
  PeerIdentity peer_;
  std::shared_ptr<ConnectionHandle> handle_;
  std::shared_ptr<const Incidents> incidents_;
};

}  // namespace

Papers::Papers() {
  std::string pattern = (std::filesystem::temp_directory_path() / "obverse-papers-XXXXXX").string();
  BOOST_REQUIRE(::mkdtemp(pattern.data()) != nullptr);
  folder_ = pattern;
  make_authority(authority(), "test.authority", 2);
  issue(authority(),
        {.common_name = "server",
         .days = 1,
         .is_server = true,
         .dns_names = {"localhost"},
         .addresses = {"127.0.0.1"}},
        file("server.crt"), file("server.key"));
  revoke(authority(), file("revoked.crl"), {});
}

Papers::~Papers() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

TlsFiles Papers::server() const {
  return {file("server.crt"), file("server.key"), file("authority.crt"), file("revoked.crl")};
}

ClientTls Papers::terminal(const std::string& name, int days) {
  ClientTls files{file(name + ".crt"), file(name + ".key"), file("authority.crt")};
  if (!std::filesystem::exists(files.certificate)) {
    issue(authority(), {.common_name = name, .days = days, .dns_names = {}, .addresses = {}},
          files.certificate, files.key);
  }
  return files;
}

ClientTls Papers::of_another_authority() {
  const AuthorityFiles other{file("other.crt"), file("other.key")};
  make_authority(other, "test.authority", 2);  // the same name: only the key tells them apart
  issue(other, {.common_name = "gate-1", .days = 1, .dns_names = {}, .addresses = {}},
        file("stranger.crt"), file("stranger.key"));
  return {file("stranger.crt"), file("stranger.key"), file("authority.crt")};
}

void Papers::revoke_terminal(const std::string& name) {
  revoke(authority(), file("revoked.crl"), {file(name + ".crt")});
}

House::House(Papers& papers, ListenerLimits limits, std::size_t reactors)
    : tls_(std::make_shared<TlsContext>(papers.server())) {
  std::vector<Reactor*> all;
  for (std::size_t i = 0; i < reactors; ++i) {
    all.push_back(reactors_.emplace_back(std::make_unique<Reactor>()).get());
  }
  const auto incidents =
      std::make_shared<const Incidents>([this](const std::string& id, const std::string& cause) {
        const std::lock_guard lock(deeds_.mutex);
        deeds_.incidents.emplace_back(id, cause);
      });
  const boost::asio::ip::tcp::endpoint loopback(boost::asio::ip::address_v4::loopback(), 0);
  const Bootstrap bootstrap = [this, incidents](const PeerIdentity& peer,
                                                std::shared_ptr<ConnectionHandle> handle) {
    if (peer.subject == "nobody") throw std::runtime_error("the secret list has no such terminal");
    {
      const std::lock_guard lock(deeds_.mutex);
      deeds_.threads.push_back(std::this_thread::get_id());
    }
    return Echo::Client(kj::heap<EchoServer>(deeds_, peer, std::move(handle), incidents));
  };
  listener_ = std::make_unique<Listener>(all, loopback, tls_, limits, bootstrap, incidents);
  for (Reactor* reactor : all) threads_.emplace_back([reactor] { reactor->run(); });
}

House::~House() {
  let_go();
  stop();
}

void House::stop() {
  for (const auto& reactor : reactors_) reactor->stop();
  for (auto& thread : std::exchange(threads_, {})) thread.join();
}

void House::let_go() {
  reactors_.front()->post([this] {
    deeds_.answers_wait = false;
    for (auto& held : std::exchange(deeds_.held, {})) held->fulfill();
  });
}

bool eventually(const std::function<bool()>& holds) {
  for (int i = 0; i < 12'000; ++i) {
    if (holds()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return false;
}

}  // namespace obverse

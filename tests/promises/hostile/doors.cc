// Acts against TLS: versions, groups, and certificates that are nobody's, another's, too old, too
// young, or taken back.
#include <thread>

#include "tests/promises/hostile/scene.h"

namespace obverse::promises {
namespace {

// How the server ended it, and that it let nothing through before.
std::string refused(Scene& scene, const ClientTls& files, Manner manner = {}) {
  Peer peer(scene.server->port(), files, manner);
  const std::string why = peer.log_in();
  scene.refused_after(peer.ms_since_begun());
  return why.empty() ? "let in" : why;
}

std::string registered(Scene& scene, const ClientTls& files) {
  Peer peer(scene.server->port(), files);
  const std::string why = peer.log_in();
  return why.empty() ? "let in" : why;
}

void come_with_bad_papers(Scene& scene) {
  const AuthorityFiles authority{scene.estate / "authority.pem", scene.estate / "authority.key"};
  const auto folder = scene.estate / "forged";
  std::filesystem::create_directories(folder);
  const auto forged = [&](const std::string& file, const Flaw& flaw) {
    return forge(authority, folder, file, flaw);
  };
  scene.expect("no certificate", "alert: certificate required",
               [&] { return refused(scene, scene.till(), {.with_certificate = false}); });
  const AuthorityFiles other{folder / "other.pem", folder / "other.key"};
  make_authority(other, "test authority", 2);  // the same name: only the key tells them apart
  scene.expect("a certificate of another authority of the same name", "alert: decrypt error", [&] {
    const ClientTls files = forge(other, folder, "stranger", {});
    return refused(scene, files);
  });
  scene.expect("an expired certificate", "alert: certificate expired",
               [&] { return refused(scene, forged("old", {.begins_days = -9, .ends_days = -1})); });
  scene.expect("a certificate that is not yet valid", "alert: bad certificate",
               [&] { return refused(scene, forged("young", {.begins_days = 1, .ends_days = 9})); });
  scene.expect("a server's certificate", "alert: unsupported certificate",
               [&] { return refused(scene, forged("server", {.usage = "serverAuth"})); });
  scene.expect("a certificate with two names", "closed",
               [&] { return refused(scene, forged("two", {.second_name = true})); });
  scene.expect("a certificate whose name is none", "closed",
               [&] { return refused(scene, forged("none", {.name = "two words; and more"})); });
  scene.expect("a key of 1,024 bits", "alert: bad certificate",
               [&] { return refused(scene, forged("short", {.rsa_bits = 1024})); });
  scene.expect("a good certificate that is not registered", "terminal_must_be_registered",
               [&] { return refused(scene, forged("unknown", {})); });
}

void come_after_revocation(Scene& scene) {
  const ClientTls gone = scene.till(3);
  scene.expect("a terminal before it is revoked", "let in",
               [&] { return registered(scene, gone); });
  Peer live(scene.server->port(), gone);
  const std::string in = live.log_in();
  const Told paid = live.ask(scene.pay(1), scene.attempt());
  scene.trial.check("it is served", in.empty() && paid.verdict == Verdict::done, paid.name);
  SSL_SESSION* const session = SSL_get1_session(live.session());
  scene.trial.check("it is given nothing to resume with", SSL_SESSION_is_resumable(session) == 0);
  Peer other(scene.server->port(), scene.till(2));
  const std::string other_in = other.log_in();

  const std::uint64_t cut_before = scene.ended("cut");
  live.begin_again();
  scene.revoke("till-3");
  scene.expect("revoked while connected, the list read again", "closed",
               [&] { return live.ending(std::chrono::seconds(5)); });
  scene.trial.figure("from the reload to the end of its connection",
                     fixed(live.ms_since_begun(), 1) + " ms", "1000 ms",
                     live.ms_since_begun() <= 1'000);
  scene.trial.check("the server counts it as cut", scene.ended("cut") == cut_before + 1);
  scene.expect("revoked, a full handshake", "alert: certificate revoked",
               [&] { return refused(scene, gone); });
  scene.expect("revoked, resuming the session from before", "alert: certificate revoked",
               [&] { return refused(scene, gone, {.offer = session}); });
  SSL_SESSION_free(session);
  const Told still = other.ask(scene.pay(2), scene.attempt());
  scene.trial.check("nobody else was cut", other_in.empty() && still.verdict == Verdict::done,
                    still.name);
}

// Without TLS's own list: the ledger's registration alone.
void come_after_dismissal(Scene& scene) {
  Peer live(scene.server->port(), scene.till(2));
  const std::string in = live.log_in();
  live.begin_again();
  std::thread([&] {
    house::Terminal desk(std::make_shared<ClientLoop>(), scene.server->port(),
                         scene.estate.terminal("first-operator"));
    auto request = desk.desk().revokeTerminalRequest();
    request.setCode("till-2");
    house::fill(request.initAttempt(), house::key(scene.attempt()));
    house::done(desk.ask(kj::mv(request)).getOutcome());
  }).join();
  scene.expect("revoked in the ledger while connected", "closed",
               [&] { return in.empty() ? live.ending(std::chrono::seconds(5)) : in; });
  scene.expect("revoked in the ledger, coming again", "terminal_must_not_be_revoked",
               [&] { return refused(scene, scene.till(2)); });
}

}  // namespace

void knock_at_the_door(Scene& scene) {
  scene.expect("TLS 1.2", "alert: protocol version",
               [&] { return refused(scene, scene.till(), {.version_max = TLS1_2_VERSION}); });
  scene.expect("TLS 1.1", "alert: protocol version",
               [&] { return refused(scene, scene.till(), {.version_max = TLS1_1_VERSION}); });
  scene.expect("a group of 2,048 bits only", "alert: handshake failure",
               [&] { return refused(scene, scene.till(), {.groups = "ffdhe2048"}); });
  come_with_bad_papers(scene);
  come_after_revocation(scene);
  come_after_dismissal(scene);
}

}  // namespace obverse::promises

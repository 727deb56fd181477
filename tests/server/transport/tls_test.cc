// Who gets past the handshake, and that nobody gets past it twice on one proof.
#include "ledger/server/transport/tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <boost/test/unit_test.hpp>
#include <fstream>

#include "tests/server/transport/transport_fixture.h"

namespace obverse {
namespace {

std::string message_of(const TlsFiles& files) {
  try {
    TlsContext context(files);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

// Whether the server answers. The handshake alone says nothing: a TLS 1.3 client
// believes that it is over before the server has seen the certificate.
bool is_admitted(RawPeer& peer) {
  return peer.shaken() && peer.send(bootstrap_message(0)) != 0 && !peer.receive().empty();
}

BOOST_AUTO_TEST_SUITE(tls)

BOOST_AUTO_TEST_CASE(a_bad_file_is_named_with_the_way_out) {
  Papers papers;
  papers.terminal("gate-1");
  const TlsFiles good = papers.server();
  BOOST_TEST(message_of(good) == "");
  const auto says = [&](auto change, const std::string& file, const std::string& advice) {
    TlsFiles files = good;
    change(files);
    const std::string message = message_of(files);
    BOOST_TEST(message.find(file) != std::string::npos, message);
    BOOST_TEST(message.find(advice) != std::string::npos, message);
  };
  std::ofstream(papers.file("empty")) << "";
  says([&](auto& files) { files.certificate = papers.file("none.crt"); }, "none.crt",
       "make one with");
  says([&](auto& files) { files.key = papers.file("none.key"); }, "none.key", "give the key");
  says([&](auto& files) { files.key = papers.file("gate-1.key"); }, "gate-1.key", "give the key");
  says([&](auto& files) { files.client_authority = papers.file("empty"); }, "empty", "authority");
  says([&](auto& files) { files.revocation_list = papers.file("empty"); }, "empty",
       "write one with");
}

BOOST_AUTO_TEST_CASE(a_failed_reload_changes_nothing) {
  Papers papers;
  TlsContext context(papers.server());
  const auto before = context.current();
  std::filesystem::rename(papers.file("revoked.crl"), papers.file("away"));
  BOOST_CHECK_THROW(context.reload(), std::runtime_error);
  BOOST_TEST(context.generation() == 0U);
  BOOST_TEST(context.current() == before);
  std::filesystem::rename(papers.file("away"), papers.file("revoked.crl"));
  context.reload();
  BOOST_TEST(context.generation() == 1U);
  BOOST_TEST(context.current() != before);
}

BOOST_AUTO_TEST_CASE(who_is_inside_can_be_looked_up_in_a_newer_list) {
  Papers papers;
  const auto identity = [&](const ClientTls& files) {
    PeerIdentity named;
    House house(papers);
    RawPeer peer(house.port(), files);
    BOOST_TEST(is_admitted(peer));
    // The server's side of the same certificate.
    X509* const own = SSL_get_certificate(peer.session());
    const ASN1_INTEGER* const serial = X509_get0_serialNumber(own);
    named.serial.assign(reinterpret_cast<const char*>(ASN1_STRING_get0_data(serial)),
                        static_cast<std::size_t>(ASN1_STRING_length(serial)));
    return named;
  };
  const PeerIdentity gone = identity(papers.terminal("gate-1"));
  const PeerIdentity stays = identity(papers.terminal("gate-2"));
  TlsContext context(papers.server());
  BOOST_TEST(!context.is_revoked(gone));
  papers.revoke_terminal("gate-1");
  BOOST_TEST(!context.is_revoked(gone));
  context.reload();
  BOOST_TEST(context.is_revoked(gone));
  BOOST_TEST(!context.is_revoked(stays));
}

BOOST_AUTO_TEST_CASE(a_weak_group_is_refused) {
  Papers papers;
  House house(papers);
  RawPeer weak(house.port(), papers.terminal("gate-1"), {.groups = "ffdhe2048"});
  BOOST_TEST(!is_admitted(weak));
  RawPeer strong(house.port(), papers.terminal("gate-1"), {.groups = "P-256"});
  BOOST_TEST(is_admitted(strong));
}

BOOST_AUTO_TEST_CASE(only_a_good_certificate_over_tls_1_3_gets_in) {
  Papers papers;
  House house(papers);
  const auto refused = [&](const char* what, const ClientTls& files,
                           RawPeer::Options options = {}) {
    const auto before = house.ended(Ending::handshake_failed);
    {
      RawPeer peer(house.port(), files, options);
      BOOST_TEST(!is_admitted(peer), what);
    }
    BOOST_TEST(eventually([&] { return house.ended(Ending::handshake_failed) == before + 1; }),
               what);
  };
  RawPeer good(house.port(), papers.terminal("gate-1"));
  BOOST_TEST(is_admitted(good));
  BOOST_TEST(std::string(SSL_get_version(good.session())) == "TLSv1.3");

  refused("TLS 1.2", papers.terminal("gate-1"), {.version_max = TLS1_2_VERSION});
  refused("no certificate", papers.terminal("gate-1"), {.with_certificate = false});
  refused("expired", papers.terminal("old-gate", -1));
  refused("another authority's", papers.of_another_authority());
  refused("a server's",
          {papers.file("server.crt"), papers.file("server.key"), papers.file("authority.crt")});

  RawPeer still(house.port(), papers.terminal("gate-1"));
  BOOST_TEST(is_admitted(still));
  BOOST_TEST(house.deeds().entrances == 2);
}

BOOST_AUTO_TEST_CASE(who_is_refused_may_finish_speaking_and_hears_why) {
  Papers papers;
  House house(papers, {.handshake_ms_max = std::chrono::minutes(5)});
  auto peer = std::make_unique<RawPeer>(house.port(), papers.terminal("old-gate", -1));
  BOOST_REQUIRE(peer->shaken());
  BOOST_TEST(eventually([&] { return house.listener().counters().handshakes == 0; }));
  const Bytes much(300'000);
  BOOST_TEST(peer->send(much) == much.size());
  ERR_clear_error();
  BOOST_TEST(peer->receive().empty());
  BOOST_TEST(ERR_GET_REASON(ERR_peek_last_error()) == SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED);
  BOOST_TEST(house.listener().counters().open == 1U);
  peer.reset();
  BOOST_TEST(eventually([&] { return house.ended(Ending::handshake_failed) == 1; }));
}

BOOST_AUTO_TEST_CASE(a_revoked_certificate_is_refused_from_the_reload_on) {
  Papers papers;
  House house(papers);
  const auto files = papers.terminal("gate-1");
  RawPeer before(house.port(), files);
  BOOST_TEST(is_admitted(before));
  papers.revoke_terminal("gate-1");
  house.tls().reload();
  RawPeer after(house.port(), files);
  BOOST_TEST(!is_admitted(after));
  RawPeer other(house.port(), papers.terminal("gate-2"));
  BOOST_TEST(is_admitted(other));
}

BOOST_AUTO_TEST_CASE(who_began_under_the_old_list_is_not_believed_under_the_new) {
  Papers papers;
  House house(papers);
  const auto files = papers.terminal("gate-1");
  RawPeer peer(
      house.port(), files, {.before_handshake = [&] {
        BOOST_TEST(eventually([&] { return house.listener().counters().handshakes == 1; }));
        house.tls().reload();
      }});
  BOOST_TEST(!is_admitted(peer));
  BOOST_TEST(eventually([&] { return house.ended(Ending::outdated) == 1; }));
}

BOOST_AUTO_TEST_CASE(no_session_is_ever_resumed) {
  Papers papers;
  House house(papers);
  const auto files = papers.terminal("gate-1");
  RawPeer first(house.port(), files);
  BOOST_TEST(is_admitted(first));
  SSL_SESSION* session = SSL_get1_session(first.session());
  BOOST_TEST(SSL_SESSION_has_ticket(session) == 0);
  BOOST_TEST(SSL_SESSION_is_resumable(session) == 0);

  RawPeer second(house.port(), files, {.offer = session});
  BOOST_TEST(is_admitted(second));
  BOOST_TEST(SSL_session_reused(second.session()) == 0);

  // One that puts a key into its hello all the same is asked for its certificate like anybody.
  RawPeer third(house.port(), files, {.offer_key = true});
  BOOST_TEST(is_admitted(third));
  BOOST_TEST(SSL_session_reused(third.session()) == 0);
  RawPeer without(house.port(), files, {.with_certificate = false, .offer_key = true});
  BOOST_TEST(!is_admitted(without));

  papers.revoke_terminal("gate-1");
  house.tls().reload();
  RawPeer revoked(house.port(), files, {.offer = session});
  BOOST_TEST(!is_admitted(revoked));
  SSL_SESSION_free(session);
}

BOOST_AUTO_TEST_CASE(the_holder_is_its_certificate) {
  Papers papers;
  House house(papers);
  const auto files = papers.terminal("till-7:b");
  Connection connection("127.0.0.1", house.port(), files, "localhost");
  std::vector<PeerIdentity> seen;
  std::mutex mutex;
  house.listener().cut([&](const PeerIdentity& identity) {
    const std::lock_guard lock(mutex);
    seen.push_back(identity);
    return false;
  });
  BOOST_REQUIRE(eventually([&] {
    const std::lock_guard lock(mutex);
    return !seen.empty();
  }));
  BOOST_TEST(seen[0].subject == "till-7:b");
  BOOST_TEST((seen[0].certificate == certificate_digest(files.certificate)));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse

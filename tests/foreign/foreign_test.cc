// Clients that we did not write, against the whole server over TLS: capnp's own C++ client with
// kj-tls, and capnp-es on node.
#include <capnp/rpc-twoparty.h>
#include <kj/compat/tls.h>
#include <sys/wait.h>

#include <boost/test/unit_test.hpp>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "tests/server/house.h"

using namespace obverse;

namespace {

// A server where somebody has a wallet and a face.
struct Town {
  Town() {
    auto loop = std::make_shared<ClientLoop>();
    house::Terminal first(loop, running.port(), estate.terminal("first-operator"));
    house::set_up(first, estate);
    house::Terminal enrolment(loop, running.port(), estate.terminal("enrolment"));
    house::enrol(enrolment, 1, 5'000);
  }
  house::Estate estate;
  house::Running running{estate.config()};
};

std::string read_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// --- capnp's own stack, with nothing of ours in between
// -------------------------------------------

class StockClient {
 public:
  StockClient(const Town& town, const std::string& terminal)
      : files_(town.estate.terminal(terminal)), io_(kj::setupAsyncIo()) {
    const kj::TlsCertificate authority(kj::StringPtr(read_file(files_.authority).c_str()));
    const kj::TlsKeypair own{
        kj::TlsPrivateKey(kj::StringPtr(read_file(files_.key).c_str())),
        kj::TlsCertificate(kj::StringPtr(read_file(files_.certificate).c_str()))};
    kj::TlsContext::Options options;
    options.useSystemTrustStore = false;
    options.trustedCertificates = kj::arrayPtr(&authority, 1);
    options.defaultKeypair = own;
    tls_ = kj::heap<kj::TlsContext>(kj::mv(options));
    auto address = io_.provider->getNetwork()
                       .parseAddress("127.0.0.1", town.running.port())
                       .wait(io_.waitScope);
    auto plain = address->connect().wait(io_.waitScope);
    stream_ = tls_->wrapClient(kj::mv(plain), "localhost").wait(io_.waitScope);
    client_ = kj::heap<capnp::TwoPartyClient>(*stream_);
  }

  rpc::Entrance::Client entrance() { return client_->bootstrap().castAs<rpc::Entrance>(); }
  kj::WaitScope& scope() { return io_.waitScope; }

 private:
  ClientTls files_;
  kj::AsyncIoContext io_;
  kj::Own<kj::TlsContext> tls_;
  kj::Own<kj::AsyncIoStream> stream_;
  kj::Own<capnp::TwoPartyClient> client_;
};

BOOST_AUTO_TEST_SUITE(foreign)

BOOST_AUTO_TEST_CASE(capnp_in_cpp_pays_without_waiting_for_its_login) {
  Town town;
  StockClient client(town, "till");
  auto login = client.entrance().loginRequest();
  login.initHello().setSoftware("stock");
  auto pay = login.send().getCheckout().payRequest();
  house::fill(pay.initAttempt(), house::key(1));
  house::fill(pay.initPresence().initProbe(), house::photo(1, 5));
  pay.initAmount().setMinor(300);
  pay.getAmount().setCurrency(392);
  const auto answer = pay.send().wait(client.scope());
  BOOST_REQUIRE(answer.getOutcome().isApproved());
  BOOST_TEST(answer.getOutcome().getApproved().getAmount().getMinor() == 300);
  BOOST_TEST(answer.getOutcome().getReceipt().getChain().size() == 32U);
}

BOOST_AUTO_TEST_CASE(capnp_in_cpp_passes_a_gate_and_cannot_sell_there) {
  Town town;
  StockClient client(town, "gate-a");
  const auto login = client.entrance().loginRequest().send().wait(client.scope());
  BOOST_TEST((login.getWelcome().getTerminal() == "gate-a"));
  BOOST_TEST(login.hasGate());
  BOOST_TEST(!login.hasCheckout());
  BOOST_TEST(!login.hasOperator());
  auto enter = login.getGate().enterRequest();
  house::fill(enter.initAttempt(), house::key(1));
  house::fill(enter.initPresence().initProbe(), house::photo(1, 6));
  BOOST_TEST(enter.send().wait(client.scope()).getOutcome().isEntered());
}

// --- capnp-es on node
// -----------------------------------------------------------------------------

struct Ran {
  int status;
  std::string output;
};

Ran run(const std::string& command) {
  FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  BOOST_REQUIRE(pipe != nullptr);
  std::string output;
  char bytes[4096];
  while (const std::size_t got = std::fread(bytes, 1, sizeof bytes, pipe))
    output.append(bytes, got);
  const int ended = ::pclose(pipe);
  return {WIFEXITED(ended) ? WEXITSTATUS(ended) : -1, output};
}

std::filesystem::path client_folder() {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path() / "foreign";
}

const Ran& prepared() {
  static const Ran result = run("tests/foreign/prepare.sh '" + client_folder().string() + "'");
  return result;
}

boost::test_tools::assertion_result node_can_be_had(boost::unit_test::test_unit_id) {
  boost::test_tools::assertion_result result(prepared().status != 77);
  result.message() << "capnp-es on node: " << prepared().output;
  return result;
}

std::map<std::string, std::string> lines(const std::string& output) {
  std::map<std::string, std::string> told;
  std::istringstream in(output);
  for (std::string line; std::getline(in, line);) {
    const auto equals = line.find('=');
    if (equals != std::string::npos) told[line.substr(0, equals)] = line.substr(equals + 1);
  }
  return told;
}

void write_face(const std::filesystem::path& file, const house::Numbers& numbers) {
  std::ofstream(file, std::ios::binary)
      .write(reinterpret_cast<const char*>(numbers.data()),
             static_cast<std::streamsize>(numbers.size() * sizeof(float)));
}

std::filesystem::path write_settings(const Town& town) {
  write_face(town.estate / "rider.f32", house::photo(1, 5));
  write_face(town.estate / "stranger.f32", house::face(99));
  const auto file = town.estate / "settings.json";
  std::ofstream out(file);
  std::string terminals;
  for (const std::string name : {"till", "gate-a", "gate-b"}) {
    const auto files = town.estate.terminal(name);
    terminals += (terminals.empty() ? "" : ", ") + ("\"" + name + "\": {\"certificate\": ") +
                 files.certificate.string().insert(0, "\"") + "\", \"key\": \"" +
                 files.key.string() + "\"}";
  }
  out << "{\"port\": " << town.running.port()
      << ", \"model\": \"mobilefacenet-512\", \"authority\": "
      << town.estate.terminal("till").authority << ", \"terminals\": {" << terminals
      << "}, \"faces\": {\"rider\": " << town.estate / "rider.f32"
      << ", \"stranger\": " << town.estate / "stranger.f32" << "}}";
  return file;
}

BOOST_AUTO_TEST_CASE(capnp_es_on_node_pays_and_passes,
                     *boost::unit_test::precondition(node_can_be_had)) {
  BOOST_REQUIRE_MESSAGE(prepared().status == 0, prepared().output);
  Town town;
  const auto settings = write_settings(town);
  const Ran ran = run("cd '" + client_folder().string() + "' && node till_and_gate.mjs '" +
                      settings.string() + "'");
  BOOST_TEST(ran.status == 0, ran.output);
  auto told = lines(ran.output);
  BOOST_TEST(told["finished"] == "yes", ran.output);
  BOOST_TEST(told["protocol"] == "TLSv1.3");
  BOOST_TEST(told["role"] == "till");
  BOOST_TEST(told["pay"].starts_with("approved "), told["pay"]);
  BOOST_TEST(told["pay"].ends_with(" 300"), told["pay"]);
  BOOST_TEST(told["chain"] == "32");
  BOOST_TEST(told["again"] == told["pay"]);
  BOOST_TEST(told["status"] == told["pay"]);
  BOOST_TEST(told["conflict"] == "IDEMPOTENCY_CONFLICT");
  BOOST_TEST(told["stranger"] == "NOT_RECOGNISED");
  BOOST_TEST(told["tillAtGate"] == "impossible");
  BOOST_TEST(told["enter"] == "entered");
  BOOST_TEST(told["leave"] == "left 240");
  BOOST_TEST(told["tls12"] == "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace

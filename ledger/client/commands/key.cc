// obverse key: a small certificate authority for one deployment, and the key that wraps the
// vault's.
#include <memory>
#include <vector>

#include "ledger/client/commands/commands.h"
#include "ledger/client/commands/output.h"
#include "ledger/vault/certificates.h"
#include "ledger/vault/kek.h"
#include "ledger/vault/sha256.h"

namespace obverse {
namespace {

struct Options {
  std::filesystem::path directory = ".";
  std::string name;
  int days = 365;
  bool server = false;
  std::vector<std::string> dns;
  std::vector<std::string> addresses;
  std::vector<std::string> revoked;
  std::filesystem::path file;
};

AuthorityFiles authority_in(const std::filesystem::path& directory) {
  return {directory / "authority.pem", directory / "authority.key"};
}

void add_certificates(CLI::App& noun, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* authority =
      noun.add_subcommand("authority", "make the authority that signs certificates");
  authority->add_option("--directory", options->directory,
                        "where authority.pem and authority.key go");
  authority->add_option("--days", options->days);
  authority->callback([&run, options] {
    make_authority(authority_in(options->directory), "Obverse authority", options->days);
    run.ended = show(
        run.settings,
        {{"outcome", "done"}, {"certificate", (options->directory / "authority.pem").string()}});
  });

  auto issuing = std::make_shared<Options>();
  CLI::App* issue_verb =
      noun.add_subcommand("issue", "make a key and a certificate: NAME.pem, NAME.key");
  issue_verb->add_option("--name", issuing->name, "of the terminal, or obversed for the server")
      ->required();
  issue_verb->add_option("--directory", issuing->directory,
                         "where the authority is and the files go");
  issue_verb->add_option("--days", issuing->days);
  issue_verb->add_flag("--server", issuing->server, "for the server itself");
  issue_verb->add_option("--dns", issuing->dns, "names the server is reached by");
  issue_verb->add_option("--address", issuing->addresses, "addresses the server is reached by");
  issue_verb->callback([&run, issuing] {
    const auto certificate = issuing->directory / (issuing->name + ".pem");
    issue(authority_in(issuing->directory),
          {issuing->name, issuing->days, issuing->server, issuing->dns, issuing->addresses},
          certificate, issuing->directory / (issuing->name + ".key"));
    run.ended = show(run.settings, {{"outcome", "done"},
                                    {"certificate", certificate.string()},
                                    {"fingerprint", hex(certificate_digest(certificate))}});
  });
}

void add_others(CLI::App& noun, Run& run) {
  auto revoking = std::make_shared<Options>();
  CLI::App* revoke_verb = noun.add_subcommand(
      "revoke", "add certificates to revoked.pem, the authority's revocation list");
  revoke_verb->add_option("--directory", revoking->directory, "where the authority is");
  revoke_verb->add_option("certificates", revoking->revoked,
                          "certificate files; none makes or renews the list");
  revoke_verb->callback([&run, revoking] {
    const std::vector<std::filesystem::path> files(revoking->revoked.begin(),
                                                   revoking->revoked.end());
    revoke(authority_in(revoking->directory), revoking->directory / "revoked.pem", files);
    run.ended = show(run.settings, {{"outcome", "done"},
                                    {"list", (revoking->directory / "revoked.pem").string()}});
  });

  auto reading = std::make_shared<Options>();
  CLI::App* fingerprint = noun.add_subcommand(
      "fingerprint", "SHA-256 of a certificate, as terminals are registered by");
  fingerprint->add_option("certificate", reading->file)->required();
  fingerprint->callback([&run, reading] {
    run.ended = show(run.settings, {{"outcome", "done"},
                                    {"fingerprint", hex(certificate_digest(reading->file))}});
  });

  auto wrapping = std::make_shared<Options>();
  CLI::App* wrap =
      noun.add_subcommand("wrapping", "make the key that wraps the vault's keys (mode 0600)");
  wrap->add_option("file", wrapping->file)->required();
  wrap->callback([&run, wrapping] {
    Kek::make_file(wrapping->file);
    run.ended = show(run.settings, {{"outcome", "done"}, {"file", wrapping->file.string()}});
  });
}

}  // namespace

void add_key(CLI::App& app, Run& run) {
  CLI::App* noun = app.add_subcommand("key", "keys and certificates; needs no server");
  noun->require_subcommand(1);
  noun->footer(
      "Examples:\n"
      "  obverse key authority --directory keys\n"
      "  obverse key issue --directory keys --name obversed --server --address 127.0.0.1\n"
      "  obverse key issue --directory keys --name G1\n"
      "  obverse key wrapping keys/vault.kek");
  add_certificates(*noun, run);
  add_others(*noun, run);
}

}  // namespace obverse

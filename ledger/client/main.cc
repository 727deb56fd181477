// obverse: the command line of operators, enrolment desks, and of a terminal on a desk.
#include <cstdlib>
#include <iostream>

#include "ledger/client/commands/commands.h"
#include "ledger/client/commands/output.h"
#include "ledger/client/demo/demo.h"

namespace {

using namespace obverse;

void add_settings(CLI::App& app, Settings& settings) {
  app.add_option("--server", settings.server, "HOST:PORT")
      ->envname("OBVERSE_SERVER")
      ->capture_default_str();
  app.add_option("--certificate", settings.certificate, "this terminal's certificate (PEM)")
      ->envname("OBVERSE_CERTIFICATE");
  app.add_option("--key", settings.key, "its key (PEM)")->envname("OBVERSE_KEY");
  app.add_option("--authority", settings.authority, "who signed the server's certificate (PEM)")
      ->envname("OBVERSE_AUTHORITY");
  app.add_option("--server-name", settings.server_name,
                 "name that the server's certificate must carry")
      ->envname("OBVERSE_SERVER_NAME")
      ->capture_default_str();
  app.add_option("--memory", settings.memory,
                 "file that remembers the highest receipt seen, so that a server that was rolled "
                 "back is noticed")
      ->envname("OBVERSE_MEMORY");
  app.add_flag("--json", settings.json, "one JSON object a line");
}

int fail(const Settings& settings, Ended ended, const std::string& message) {
  if (settings.json) {
    std::cout << json_line({{"outcome", "failed"}, {"error", message}});
  } else {
    std::cerr << "obverse: " << message << '\n';
  }
  return static_cast<int>(ended);
}

}  // namespace

int main(int argc, char** argv) {
  Run run;
  CLI::App app("obverse: pay and enter with a face; what operators and terminals do, as commands");
  app.footer(
      "Settings may come from the environment: OBVERSE_SERVER, OBVERSE_CERTIFICATE, OBVERSE_KEY, "
      "OBVERSE_AUTHORITY.\n"
      "Exit status: 0 done, 1 refused (and why), 2 usage, 3 no server or not accepted, 4 busy: try "
      "again.\n"
      "`obverse NOUN --help` and `obverse NOUN VERB --help` show examples and options.");
  app.require_subcommand(1);
  app.fallthrough();  // --json and the like may also stand behind the verb
  add_settings(app, run.settings);
  add_person(app, run);
  add_wallet(app, run);
  add_gate(app, run);
  add_till(app, run);
  add_operate(app, run);
  add_desk(app, run);
  add_key(app, run);
  add_server(app, run);
  add_demo(app, run);
  try {
    app.parse(argc, argv);
    return static_cast<int>(run.ended);
  } catch (const CLI::ParseError& error) {
    const int status = app.exit(error);
    return status == 0 ? 0 : static_cast<int>(Ended::usage);
  } catch (const CommandFailed& failure) {
    return fail(run.settings, failure.ended(), failure.what());
  } catch (const kj::Exception& failure) {
    return fail(run.settings, Ended::unreachable,
                std::string("the server ended the call: ") + failure.getDescription().cStr());
  } catch (const std::exception& failure) {
    return fail(run.settings, Ended::usage, failure.what());
  }
}

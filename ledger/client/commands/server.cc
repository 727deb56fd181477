// obverse server status: what an operator wants to know of a running server.
#include "ledger/client/commands/commands.h"
#include "ledger/client/commands/output.h"
#include "ledger/client/commands/session.h"

namespace obverse {

void add_server(CLI::App& app, Run& run) {
  CLI::App* noun =
      app.add_subcommand("server", "the running server, with an operator desk's certificate");
  noun->require_subcommand(1);
  noun->footer(
      "Example:\n  obverse --certificate operator.pem --key operator.key server status --json");
  noun->add_subcommand("status", "position, people, queue, counters, what recovery found")
      ->callback([&run] {
        Session session(run.settings);
        const auto response =
            session.operator_desk().statusRequest().send().wait(session.wait_scope());
        const auto status = response.getStatus();
        Json out{{"outcome", "done"},
                 {"position", status.getHead().getPosition()},
                 {"people", status.getPeople()},
                 {"kernel", status.getKernel().cStr()},
                 {"waiting", status.getWaiting()},
                 {"connections", status.getConnections()},
                 {"uptime_ms", status.getUptimeMs()}};
        for (const auto line : status.getReport()) out["report"].push_back(line.cStr());
        for (const auto each : status.getCounters())
          out["counters"][each.getName().cStr()] = each.getValue();
        run.ended = show(run.settings, out);
      });
}

}  // namespace obverse

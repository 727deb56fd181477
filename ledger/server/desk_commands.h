// What desks ask by `act`: which kinds belong to which desk, and how one becomes a command.
#pragma once

#include "ledger/model/commands.h"
#include "ledger/server/common_service.h"
#include "schemas/desk.capnp.h"

namespace obverse {

// Throws Unreadable: of a kind that is not this role's, a name that nobody has, or no message.
Command desk_command(rpc::DeskCommand::Reader, const Directory&, const Terminal& caller);

using DeskContext = capnp::CallContext<rpc::Desk::ActParams, rpc::Desk::ActResults>;

// Decodes, submits, and writes outcome and reply.
kj::Promise<void> act(const std::shared_ptr<const Caller>&, DeskContext);

}  // namespace obverse

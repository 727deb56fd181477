#include "ledger/server/desk_commands.h"

#include "ledger/wire/event_wire_replies.h"
#include "ledger/wire/plain_wire.h"

namespace obverse {
namespace {

// In the schema's union each stands under its own name.
struct DeskKinds
    : std::variant<RegisterSponsor, SellPass, RefundPass, FormLookalikeGroup,
                   DissolveLookalikeGroup, UnlockFace, ChooseCustody, LinkDevice, ReportDeviceLost,
                   IssueExitToken, GrantCategory, EndGuardianship, ReadPersonalData,
                   PublishTerminalLimits, GiveUpOffline, ReleaseOffline, PublishSettlementCalendar,
                   PublishFeeSchedule, PublishAgreement, PublishSafeguardingTerms, SetOwnAccount,
                   SetPayoutAccount, OpenBooks, AdjustSafeguardingDeposit, CloseSettlementWindow,
                   RejectPayout, ResolveBreak, ApportionFares> {
  using Kinds = variant;
  using Kinds::Kinds;
};
template <class T>
struct IsPlain : std::true_type {};

// Whose desk may ask for it.
template <class T, class... Others>
constexpr bool is_one_of = (std::is_same_v<T, Others> || ...);

template <class T>
constexpr Role role_for =
    is_one_of<T, CloseSettlementWindow, RejectPayout, ResolveBreak, ApportionFares>
        ? Role::processor
    : is_one_of<T, RegisterSponsor, PublishTerminalLimits, GiveUpOffline, ReleaseOffline,
                PublishSettlementCalendar, PublishFeeSchedule, PublishAgreement,
                PublishSafeguardingTerms, SetOwnAccount, SetPayoutAccount, OpenBooks,
                AdjustSafeguardingDeposit>
        ? Role::operator_desk
        : Role::enrolment_desk;

// Of each alternative of the union, by discriminant.
template <std::size_t... number>
std::vector<Role> roles_of(capnp::StructSchema schema, std::index_sequence<number...>) {
  std::vector<Role> out(schema.getUnionFields().size());
  (
      [&] {
        using T = std::variant_alternative_t<number, DeskKinds::Kinds>;
        const auto field = wire::field_named(schema, wire::name_in_schema<T>().c_str());
        out.at(field.getProto().getDiscriminantValue()) = role_for<T>;
      }(),
      ...);
  return out;
}

// Before anything of it is looked at.
bool may_ask(Role role, rpc::DeskCommand::Reader in) {
  static const auto roles =
      roles_of(capnp::Schema::from<rpc::DeskCommand>(),
               std::make_index_sequence<std::variant_size_v<DeskKinds::Kinds>>());
  const auto which = static_cast<std::size_t>(in.which());
  return which < roles.size() && roles[which] == role;
}

// Short names, as the directory knows them.
struct Names {
  const Directory& directory;
  TerminalId caller;

  template <class T>
  T named(capnp::Text::Reader code) const {
    if constexpr (std::is_same_v<T, OperatorId>)
      return known(directory.transit_operator(code.cStr()), Refusal::operator_must_be_registered);
    else if constexpr (std::is_same_v<T, MerchantId>)
      return known(directory.merchant(code.cStr()), Refusal::merchant_must_be_registered);
    else if constexpr (std::is_same_v<T, TerminalId>)
      return known(directory.terminal(Code(code.cStr())), Refusal::terminal_must_be_registered);
    else
      throw Unreadable{Refusal::request_must_be_readable};
  }
  template <class T>
  T unsaid() const {
    if constexpr (std::is_same_v<T, TerminalId>)
      return caller;
    else
      throw Unreadable{Refusal::request_must_be_readable};
  }

 private:
  template <class T>
  static T known(const std::optional<T>& found, Refusal otherwise) {
    if (!found) throw Unreadable{otherwise};
    return *found;
  }
};

DeskKinds read(rpc::DeskCommand::Reader in, const Names& names) {
  try {
    return wire::take_kind<DeskKinds, IsPlain>(in, "unknown command", names);
  } catch (const wire::Malformed&) {
    throw Unreadable{Refusal::request_must_be_readable};
  } catch (const kj::Exception&) {
    throw Unreadable{Refusal::request_must_be_readable};
  }
}

}  // namespace

Command desk_command(rpc::DeskCommand::Reader in, const Directory& directory,
                     const Terminal& caller) {
  if (!may_ask(caller.role, in)) throw Unreadable{Refusal::terminal_must_have_role};
  return std::visit([](auto&& asked) -> Command { return std::move(asked); },
                    static_cast<DeskKinds::Kinds&&>(read(in, {directory, caller.id})));
}

kj::Promise<void> act(const std::shared_ptr<const Caller>& caller, DeskContext context) {
  return answer(caller, context, [&](auto params) {
    return caller
        ->submit(caller->wish(params.getAttempt()),
                 desk_command(params.getCommand(), caller->house().directory, caller->terminal()))
        .then([context](Answer given) mutable {
          if (given.fault == Answer::Fault::none)
            wire::write(context.getResults().initReply(), given.reply);
          return given;
        });
  });
}

}  // namespace obverse

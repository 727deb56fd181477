// obverse desk: every command that has no verb of its own, with its fields by name. What there is
// to ask, and which fields a command has, is read from the schema.
#include <capnp/compat/json.h>
#include <capnp/dynamic.h>
#include <kj/encoding.h>

#include <algorithm>
#include <charconv>
#include <memory>

#include "ledger/client/commands/verb.h"
#include "ledger/model/calendar.h"

namespace obverse {
namespace {

using capnp::StructSchema;

[[noreturn]] void wrong(const std::string& what) { throw CommandFailed(Ended::usage, what); }

// "sellPass" is "sell-pass" on the command line.
std::string spelled(kj::StringPtr name) {
  std::string out;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') out += '-';
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

std::int64_t number(const std::string& field, const std::string& text) {
  std::int64_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || end != text.data() + text.size())
    wrong(field + " must be a whole number, not " + text);
  return out;
}

// 2025-06-01 in a field of days.
std::int64_t day(const std::string& field, const std::string& text) {
  const bool has_form = text.size() == 10 && text[4] == '-' && text[7] == '-';
  if (!has_form) return number(field, text);
  const Date date{static_cast<std::int32_t>(number(field, text.substr(0, 4))),
                  static_cast<std::uint8_t>(number(field, text.substr(5, 2))),
                  static_cast<std::uint8_t>(number(field, text.substr(8, 2)))};
  if (!is_valid(date)) wrong(field + " is no date: " + text);
  return day_of(date);
}

// Bytes as hexadecimal digits.
void set_bytes(capnp::DynamicStruct::Builder out, StructSchema::Field at, const std::string& name,
               const std::string& text) {
  const auto bytes = kj::decodeHex(kj::ArrayPtr<const char>(text.data(), text.size()));
  if (bytes.hadErrors || text.size() % 2 != 0) wrong(name + " must be hexadecimal digits");
  out.set(at, capnp::Data::Reader(bytes.begin(), bytes.size()));
}

// Lists and what has fields of its own, as JSON: {"minor": 5, "currency": 392}, [7, 9].
void set_parts(capnp::DynamicStruct::Builder out, StructSchema::Field at, const std::string& name,
               const std::string& text) {
  const capnp::JsonCodec codec;
  const kj::ArrayPtr<const char> json(text.data(), text.size());
  try {
    if (at.getProto().isGroup()) {
      codec.decode(json, out.init(at).as<capnp::DynamicStruct>());
    } else {
      out.adopt(at,
                codec.decode(json, at.getType(), capnp::Orphanage::getForMessageContaining(out)));
    }
  } catch (const kj::Exception&) {
    wrong(name + " must be JSON with the fields that the schema names");
  }
}

void set_field(capnp::DynamicStruct::Builder out, StructSchema::Field at, const std::string& name,
               const std::string& text) {
  using Type = capnp::schema::Type;
  switch (at.getType().which()) {
    case Type::TEXT:
      out.set(at, text.c_str());
      break;
    case Type::BOOL:
      if (text != "true" && text != "false") wrong(name + " must be true or false");
      out.set(at, text == "true");
      break;
    case Type::INT64:
      out.set(at, name.ends_with("-day") ? day(name, text) : number(name, text));
      break;
    case Type::UINT8:
    case Type::UINT16:
    case Type::UINT32:
    case Type::UINT64:
      if (number(name, text) < 0) wrong(name + " must not be negative");
      out.set(at, number(name, text));
      break;
    case Type::DATA:
      set_bytes(out, at, name, text);
      break;
    default:
      set_parts(out, at, name, text);
  }
}

StructSchema::Field field_of(StructSchema schema, const std::string& name) {
  for (const auto field : schema.getFields())
    if (spelled(field.getProto().getName()) == name) return field;
  std::string known;
  for (const auto field : schema.getFields())
    if (!field.getType().isVoid()) known += " " + spelled(field.getProto().getName());
  wrong("no field is called " + name + ": there are" + known);
}

void fill_fields(capnp::DynamicStruct::Builder out, const std::vector<std::string>& given) {
  for (const std::string& each : given) {
    const auto equals = each.find('=');
    if (equals == std::string::npos) wrong(each + " is no field=value");
    const std::string name = each.substr(0, equals);
    set_field(out, field_of(out.getSchema(), name), name, each.substr(equals + 1));
  }
}

struct Wanted {
  std::string kind;
  std::vector<std::string> fields;
  std::string attempt;
};

Json reply_of(capnp::DynamicStruct::Reader reply) {
  capnp::JsonCodec codec;
  const kj::String text = codec.encode(reply);
  return Json::parse(text.cStr(), text.cStr() + text.size(), nullptr, false);
}

Ended ask(Run& run, const Wanted& wanted) {
  Session session(run.settings);
  auto request = session.desk().actRequest();
  const AttemptKey key = chosen_attempt(wanted.attempt);
  fill(request.initAttempt(), key);
  const capnp::DynamicStruct::Builder command = request.initCommand();
  const auto kind = field_of(command.getSchema(), wanted.kind);
  fill_fields(capnp::DynamicStruct::Builder(command).init(kind).as<capnp::DynamicStruct>(),
              wanted.fields);
  try {
    const auto response = request.send().wait(session.wait_scope());
    session.saw(response.getOutcome().getReceipt());
    Json shown = to_json(response.getOutcome());
    if (response.hasReply() && !response.getReply().isRefused())
      shown["reply"] = reply_of(response.getReply());
    return show(run.settings, shown);
  } catch (const kj::Exception& failure) {
    throw answer_lost(key, failure);
  }
}

std::string fields_in_words(StructSchema schema) {
  std::string out = "with";
  for (const auto field : schema.getFields())
    if (!field.getType().isVoid()) out += " " + spelled(field.getProto().getName());
  return out;
}

}  // namespace

void add_desk(CLI::App& app, Run& run) {
  CLI::App* noun = app.add_subcommand(
      "desk",
      "everything else that a desk may ask, as field=value; what belongs to another "
      "desk is refused");
  noun->require_subcommand(1);
  noun->footer(
      "Examples:\n"
      "  obverse --certificate desk.pem --key desk.key desk sell-pass rider=7 transit=OM from=M11 "
      "to=M16 first-day=2025-06-01 months=1\n"
      "  obverse --certificate operator.pem --key operator.key desk register-sponsor code=city\n"
      "  obverse --certificate counter.pem --key counter.key desk form-lookalike-group "
      "members='[7, 9]'\n"
      "  obverse --certificate processor.pem --key processor.key desk close-settlement-window "
      "window=12");
  const StructSchema commands = capnp::Schema::from<rpc::DeskCommand>();
  for (const auto field : commands.getUnionFields()) {
    const auto wanted = std::make_shared<Wanted>();
    wanted->kind = spelled(field.getProto().getName());
    CLI::App* verb = add_verb(*noun, wanted->attempt, wanted->kind.c_str(),
                              fields_in_words(field.getType().asStruct()).c_str());
    verb->add_option("field=value", wanted->fields,
                     "amounts in minor units, days as 2025-06-01, parts as JSON");
    verb->callback([&run, wanted] { run.ended = ask(run, *wanted); });
  }
}

}  // namespace obverse

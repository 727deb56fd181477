// A PIN that somebody types or a file holds: never an argument, where every user of the machine
// could read it.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace obverse {

// --pin FILE, or - (the default) to be asked.
void add_pin(CLI::App& verb, std::string& from);

// The digits, without the line end. "-": one line of standard input, asked for without an echo
// where that is a terminal. Throws CommandFailed where there is none.
std::string read_pin(const std::string& from);

}  // namespace obverse

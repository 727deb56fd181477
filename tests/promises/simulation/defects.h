// The defects that the simulation must find. None is in the product: each stands in a port or
// behind a symbol that the linker sends through seams*.cc.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/promises/simulation/port.h"

namespace obverse::simulation {

std::vector<std::string> defect_names();
// One of them, or none for an empty name, from now on in this process.
void choose_defect(const std::string& name);

std::unique_ptr<Port> make_port(EventLog& log);

}  // namespace obverse::simulation

#include "tests/promises/simulation/defects.h"

namespace obverse::simulation {

std::vector<std::string> defect_names() { return {}; }
void choose_defect(const std::string&) {}
std::unique_ptr<Port> make_port(EventLog& log) { return std::make_unique<Port>(log); }

}  // namespace obverse::simulation

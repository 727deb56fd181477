// Lines of the domain's blocks that are arithmetic alone, held against the rules' own:
//   'rate' AMOUNT RATE ('floor' | 'ceil') RESULT         RATE in 1/10,000
//   'split' TOTAL WEIGHT(':'WEIGHT)* '=' PART(':'PART)*
#pragma once

#include <string>
#include <vector>

namespace obverse::scenarios {

// Empty, or what is wrong.
std::string wrong_in_sum(const std::vector<std::string>& words);

}  // namespace obverse::scenarios

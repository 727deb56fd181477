// The house of the benchmarks, for tests.
#pragma once

#include "benchmarks/house.h"  // IWYU pragma: export

// An append is the two copies' writes and syncs, in parallel: "before append" is before the first
// of them, and the decisions are applied by then. "Before apply" is the writer's look at the clock.
#include "tests/promises/crash/shared/aims.h"

#include <array>

namespace obverse::mortal {

std::span<const Aim> load_points() {
  static constexpr std::array points{
      Aim{"before-apply", 60},         Aim{"before-wal-write", 40},
      Aim{"after-wal-write", 40},      Aim{"before-wal-sync", 40},
      Aim{"after-wal-sync", 40},       Aim{"before-tail-write", 40},
      Aim{"after-tail-write", 40},     Aim{"before-tail-sync", 40},
      Aim{"after-tail-sync", 40},      Aim{"before-answer", 40},
      Aim{"after-answer", 40},         Aim{"before-snapshot-write", 1},
      Aim{"after-snapshot-write", 1},  Aim{"before-snapshot-sync", 1},
      Aim{"after-snapshot-sync", 1},   Aim{"before-snapshot-rename", 1},
      Aim{"after-snapshot-rename", 1}, Aim{"before-keys-write", 6},
      Aim{"after-keys-write", 6},      Aim{"before-keys-sync", 6},
      Aim{"after-keys-sync", 6},       Aim{"before-records-write", 6},
      Aim{"after-records-write", 6},   Aim{"before-records-sync", 6},
      Aim{"after-records-sync", 6},
  };
  return points;
}

std::span<const Aim> recovery_points() {
  static constexpr std::array points{
      Aim{"before-manifest-write", 3},  Aim{"after-manifest-write", 3},
      Aim{"before-manifest-sync", 3},   Aim{"after-manifest-sync", 3},
      Aim{"before-manifest-rename", 1}, Aim{"after-manifest-rename", 1},
      Aim{"before-table-write", 2},     Aim{"after-table-write", 2},
      Aim{"before-table-sync", 1},      Aim{"after-table-sync", 1},
      Aim{"before-wal-write", 1},       Aim{"after-wal-sync", 1},
      Aim{"before-tail-write", 1},      Aim{"after-tail-sync", 1},
  };
  return points;
}

}  // namespace obverse::mortal

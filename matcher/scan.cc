// Sixteen dot products at a time; a group is looked at closely only if its best possible score
// could matter.
#include "matcher/scan.h"

#include <algorithm>

namespace obverse {
namespace {

// No live template of the group scores higher. A score grows with the dot product, and with the
// inverse norm where the dot product is positive.
MatchScore score_bound(const Group& group, const ScanProbe& probe,
                       const std::array<std::int32_t, kernel_lanes>& dots) {
  std::int32_t dot_max = dots[0];
  for (const std::int32_t dot : dots) dot_max = std::max(dot_max, dot);
  if (dot_max <= 0) return 0;
  return score_of(dot_max, group.inverse_norm_max, probe.inverse_norm());
}

}  // namespace

ScanProbe::ScanProbe(const Template& face)
    : lanes_{face.values.data(), (face.dimensions + 3) / 4, 0}, inverse_norm_(face.inverse_norm) {
  for (const std::int8_t value : face.values) lanes_.sum += value;
}

void scan(const Faces& faces, const Kernel& kernel, const ScanProbe& probe, std::uint32_t first,
          std::uint32_t last, TopTwo& top) {
  std::array<std::int32_t, kernel_lanes> dots;
  for (std::uint32_t index = first; index < last; ++index) {
    const Group& group = faces.group(index);
    const Group& ahead = faces.group(index + 1 < last ? index + 1 : index);
    kernel.dot(group.lines(), probe.lanes(), ahead.lines(), dots.data());
    if (score_bound(group, probe, dots) < top.floor()) continue;
    for (std::uint32_t lane = 0; lane < kernel_lanes; ++lane) {
      if ((group.live >> lane & 1U) == 0) continue;
      top.offer({group.person[lane], group.version[lane]},
                score_of(dots[lane], group.inverse_norm[lane], probe.inverse_norm()));
    }
  }
}

MatchScore compare(const Faces& faces, const Kernel& kernel, const ScanProbe& probe,
                   const Seat& seat) {
  std::array<std::int32_t, kernel_lanes> dots;
  MatchScore best = -match_score_one;
  for (const std::uint32_t slot : *seat.slots) {
    const Group& group = faces.group(group_of(slot));
    const std::uint32_t lane = lane_of(slot);
    kernel.dot(group.lines(), probe.lanes(), group.lines(), dots.data());
    best = std::max(best, score_of(dots[lane], group.inverse_norm[lane], probe.inverse_norm()));
  }
  return best;
}

}  // namespace obverse

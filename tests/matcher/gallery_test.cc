// The gallery's states: what a reader holds does not change, slots are used again, nothing of a
// removed face stays.
#include "matcher/gallery.h"

#include "tests/matcher/made_faces.h"

using namespace obverse;

BOOST_AUTO_TEST_SUITE(galleries)

namespace {

const ModelSpec model = made_model(10);

std::vector<Template> faces_of(std::uint64_t person, std::size_t count) {
  std::vector<Template> faces;
  for (std::size_t i = 0; i < count; ++i) faces.push_back(made_face(model, person, i));
  return faces;
}

// A face as it lies in a group.
std::vector<int> stored(const Faces& faces, std::uint32_t slot) {
  const Group& group = faces.group(group_of(slot));
  std::vector<int> values;
  for (std::size_t i = 0; i < 12; ++i) {
    values.push_back(group.lines()[i / 4 * kernel_line_bytes + lane_of(slot) * 4 + i % 4] -
                     kernel_zero);
  }
  return values;
}

std::vector<int> expected(const Template& face) {
  return {face.values.begin(), face.values.begin() + 12};
}

void holds(const Faces& faces, PersonLabel label, const std::vector<Template>& templates) {
  const Seat* seat = faces.find(label.value);
  BOOST_REQUIRE(seat != nullptr);
  BOOST_TEST(seat->version == label.version);
  BOOST_REQUIRE(seat->slots->size() == templates.size());
  for (std::size_t i = 0; i < templates.size(); ++i) {
    const std::uint32_t slot = seat->slots->at(i);
    const Group& group = faces.group(group_of(slot));
    const std::uint32_t lane = lane_of(slot);
    BOOST_TEST((group.live >> lane & 1U) == 1U);
    BOOST_TEST(group.person[lane] == label.value);
    BOOST_TEST(group.version[lane] == label.version);
    BOOST_TEST(group.inverse_norm[lane] == templates[i].inverse_norm);
    BOOST_TEST(group.inverse_norm_max >= templates[i].inverse_norm);
    BOOST_TEST(stored(faces, slot) == expected(templates[i]), boost::test_tools::per_element());
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(everybody_lies_where_their_seat_says) {
  Gallery gallery(10);
  for (std::uint64_t person = 1; person <= 300; ++person) {
    gallery.enrol({person, 1}, faces_of(person, 1 + person % 4), person);
  }
  const Gallery::Reading reading(gallery);
  BOOST_TEST(reading.faces().people() == 300U);
  BOOST_TEST(reading.faces().templates() == 300U / 4 * (1 + 2 + 3 + 4));
  for (std::uint64_t person = 1; person <= 300; ++person) {
    holds(reading.faces(), {person, 1}, faces_of(person, 1 + person % 4));
  }
  BOOST_TEST(reading.faces().find(301) == nullptr);
  BOOST_TEST(reading.position() == 300U);
}

BOOST_AUTO_TEST_CASE(what_is_held_does_not_change) {
  Gallery gallery(10);
  gallery.enrol({1, 1}, faces_of(1, 2), 5);
  const Gallery::Reading before(gallery);
  gallery.enrol({2, 1}, faces_of(2, 2), 6);
  gallery.reached(9);
  const Gallery::Reading after(gallery);
  BOOST_TEST(before.faces().find(2) == nullptr);
  BOOST_TEST(before.faces().people() == 1U);
  BOOST_TEST(before.position() == 5U);
  holds(before.faces(), {1, 1}, faces_of(1, 2));
  holds(after.faces(), {1, 1}, faces_of(1, 2));
  holds(after.faces(), {2, 1}, faces_of(2, 2));
  BOOST_TEST(after.position() == 9U);
}

BOOST_AUTO_TEST_CASE(a_new_version_takes_the_place_of_the_old) {
  Gallery gallery(10);
  gallery.enrol({1, 1}, faces_of(1, 5), 1);
  gallery.enrol({2, 1}, faces_of(2, 1), 2);
  gallery.enrol({1, 2}, faces_of(77, 3), 3);
  const Gallery::Reading reading(gallery);
  BOOST_TEST(reading.faces().people() == 2U);
  BOOST_TEST(reading.faces().templates() == 4U);
  holds(reading.faces(), {1, 2}, faces_of(77, 3));
  holds(reading.faces(), {2, 1}, faces_of(2, 1));
}

BOOST_AUTO_TEST_CASE(slots_are_used_again) {
  Gallery gallery(10);
  for (std::uint64_t turn = 1; turn < 200; ++turn) {
    gallery.enrol({turn, 1}, faces_of(turn, 7), turn);
    if (turn > 2) gallery.remove(turn - 2, turn);
  }
  const Gallery::Reading reading(gallery);
  BOOST_TEST(reading.faces().people() == 2U);
  BOOST_TEST(reading.faces().groups() <= 2U);
}

BOOST_AUTO_TEST_CASE(nothing_of_a_removed_face_stays_in_memory) {
  Gallery gallery(10);
  gallery.enrol({1, 1}, faces_of(1, 1), 1);
  gallery.enrol({2, 1}, faces_of(2, 1), 2);
  const Group* was = nullptr;
  {
    const Gallery::Reading reading(gallery);
    was = &reading.faces().group(0);
  }
  gallery.remove(1, 3);
  // The block where the face lay has been given back to the slab, which keeps the memory mapped.
  const auto* bytes = reinterpret_cast<const volatile unsigned char*>(was);
  for (std::size_t i = 0; i < sizeof(Group) + 3 * kernel_line_bytes; ++i) {
    BOOST_REQUIRE(bytes[i] == 0);
  }
  const Gallery::Reading reading(gallery);
  holds(reading.faces(), {2, 1}, faces_of(2, 1));
  for (std::uint32_t slot = 0; slot < kernel_lanes; ++slot) {
    if (slot == reading.faces().find(2)->slots->front()) continue;
    BOOST_TEST(stored(reading.faces(), slot) == std::vector<int>(12, 0),
               boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(removing_a_stranger_only_moves_the_position) {
  Gallery gallery(10);
  gallery.enrol({1, 1}, faces_of(1, 1), 1);
  gallery.remove(99, 7);
  const Gallery::Reading reading(gallery);
  BOOST_TEST(reading.faces().people() == 1U);
  BOOST_TEST(reading.position() == 7U);
}

BOOST_AUTO_TEST_SUITE_END()

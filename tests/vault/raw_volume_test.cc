// Erasure on a disk of our own, searched raw: a search of the files alone passes even where the
// disk still holds everything.
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "ledger/vault/sealed_records.h"
#include "ledger/vault/template_vault.h"
#include "tests/vault/scratch.h"

namespace obverse {
namespace {

bool run(const std::string& command) {
  return std::system((command + " >/dev/null 2>&1").c_str()) == 0;
}

// An ext4 volume in a file, mounted; the file is the raw disk.
class Volume {
 public:
  Volume() {
    std::filesystem::create_directory(scratch_ / "disk");
    std::filesystem::create_directory(mount_point());
    const std::string image = (scratch_ / "disk/image").string();
    mounted_ = run("truncate -s 32M " + image) && run("mkfs.ext4 -q -F " + image) &&
               run("mount -o loop " + image + " " + mount_point().string());
  }
  Volume(const Volume&) = delete;
  Volume& operator=(const Volume&) = delete;
  ~Volume() {
    if (mounted_) run("umount " + mount_point().string());
  }
  bool mounted() const { return mounted_; }
  std::filesystem::path mount_point() const { return scratch_ / "mounted"; }
  std::size_t raw_hits(const Bytes& wanted) const {
    run("sync");
    return hits(scratch_ / "disk", wanted);
  }

 private:
  Scratch scratch_;
  bool mounted_ = false;
};

boost::test_tools::assertion_result can_mount(boost::unit_test::test_unit_id) {
  boost::test_tools::assertion_result result = Volume().mounted();
  result.message()
      << "no ext4 volume can be made and mounted here: that needs root and a loop device";
  return result;
}

Bytes sealed_of(const std::filesystem::path& directory, RiderId rider) {
  const SealedRecords records(directory);
  return records.read({rider, SecretKind::face, 1}).value_or(Bytes{});
}

Bytes slot_of(const std::filesystem::path& directory, std::ptrdiff_t number) {
  const Bytes keys = whole(directory / "keys.a");
  return {keys.begin() + number * 128 + 32, keys.begin() + number * 128 + 92};
}

BOOST_AUTO_TEST_SUITE(raw_volume)

BOOST_AUTO_TEST_CASE(what_is_destroyed_is_not_on_the_raw_disk,
                     *boost::unit_test::precondition(can_mount)) {
  const Volume volume;
  const std::filesystem::path directory = volume.mount_point() / "vault";
  const Kek kek = fresh_kek();
  {
    const auto vault = Vault::open(directory, kek);
    for (std::uint64_t rider = 1; rider <= 20; ++rider) {
      vault->keep_face(RiderId{rider}, FaceVersion{1}, noise(rider, 512));
    }
  }
  const Bytes doomed = sealed_of(directory, RiderId{7});
  const Bytes doomed_key = slot_of(directory, 2 + 6);
  const Bytes control = sealed_of(directory, RiderId{8});
  const Bytes control_key = slot_of(directory, 2 + 7);
  BOOST_TEST(volume.raw_hits(doomed) >= 2 * (doomed.size() - 15));
  BOOST_TEST(volume.raw_hits(doomed_key) >= 2 * (doomed_key.size() - 15));

  Vault::open(directory, kek)->destroy(RiderId{7});
  BOOST_TEST(volume.raw_hits(doomed) == 0U);
  BOOST_TEST(volume.raw_hits(doomed_key) == 0U);
  BOOST_TEST(volume.raw_hits(noise(7, 512)) == 0U);
  BOOST_TEST(volume.raw_hits(noise(8, 512)) == 0U);
  BOOST_TEST(volume.raw_hits(control) >= 2 * (control.size() - 15));
  BOOST_TEST(volume.raw_hits(control_key) >= 2 * (control_key.size() - 15));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse

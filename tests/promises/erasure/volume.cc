#include "tests/promises/erasure/volume.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

#include "tests/promises/kit/process.h"

namespace obverse::promises {
namespace {

std::filesystem::path make_folder(std::uint64_t mib) {
  std::error_code error;
  const auto space = std::filesystem::space("/dev/shm", error);
  const bool fits = !error && space.available > ((2 * mib) << 20U);
  const auto parent =
      fits ? std::filesystem::path("/dev/shm") : std::filesystem::temp_directory_path();
  std::string pattern = (parent / "obverse-volume-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  return pattern;
}

}  // namespace

Volume::Volume(std::uint64_t mib) : folder_(make_folder(mib)) {
  std::filesystem::create_directory(root());
  const std::string file = (folder_ / "image").string();
  if (geteuid() != 0) {
    why_ = "a volume can be mounted by root only";
    return;
  }
  for (const std::vector<std::string>& step :
       {std::vector<std::string>{"/usr/bin/truncate", "-s", std::to_string(mib) + "M", file},
        {"/usr/sbin/mkfs.ext4", "-q", "-F", file},
        {"/usr/bin/mount", "-o", "loop", file, root().string()}}) {
    const Finished done = run_program(step);
    if (done.status == 0) continue;
    why_ = step.front() + ": " + done.said;
    return;
  }
  mounted_ = true;
}

Volume::~Volume() {
  if (mounted_) run_program({"/usr/bin/umount", root().string()});
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::filesystem::path Volume::image() const {
  const int descriptor = open(root().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = descriptor >= 0 && syncfs(descriptor) == 0;
  if (descriptor >= 0) close(descriptor);
  if (!synced) throw std::runtime_error("the volume cannot be synced");
  return folder_ / "image";
}

}  // namespace obverse::promises

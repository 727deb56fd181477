// That a secret's memory is locked, kept out of dumps and forks, and gone when its owner is.
#include "ledger/vault/secret_bytes.h"

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <sstream>
#include <type_traits>

#include "tests/vault/scratch.h"

namespace obverse {
namespace {

static_assert(!std::is_copy_constructible_v<SecretBytes>);
static_assert(!std::is_copy_assignable_v<SecretBytes>);
static_assert(std::is_nothrow_move_constructible_v<SecretBytes>);

// The kernel's flags of the mapping that an address lies in, as in /proc/self/smaps; empty if it
// lies in none.
std::string flags_of(const void* address) {
  std::ifstream maps("/proc/self/smaps");
  const auto wanted = reinterpret_cast<std::uintptr_t>(address);
  bool inside = false;
  for (std::string line; std::getline(maps, line);) {
    std::uintptr_t begin = 0;
    std::uintptr_t end = 0;
    char dash = 0;
    std::istringstream fields(line);
    if (fields >> std::hex >> begin >> dash >> end && dash == '-') {
      inside = begin <= wanted && wanted < end;
    }
    if (inside && line.starts_with("VmFlags:")) return line + " ";
  }
  return {};
}

int exit_code_of_child(int (*action)(const std::byte*), const std::byte* argument) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(action(argument));
  int status = 0;
  BOOST_REQUIRE(::waitpid(child, &status, 0) == child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

BOOST_AUTO_TEST_SUITE(secret_bytes)

BOOST_AUTO_TEST_CASE(holds_what_it_was_given) {
  const Bytes content = noise(1, 5000);
  SecretBytes secret = SecretBytes::copy_of(content);
  BOOST_TEST(std::ranges::equal(secret.bytes(), content));
  SecretBytes moved = std::move(secret);
  BOOST_TEST(std::ranges::equal(moved.bytes(), content));
  secret = std::move(moved);
  BOOST_TEST(std::ranges::equal(secret.bytes(), content));
  BOOST_TEST(SecretBytes(0).bytes().empty());
  BOOST_TEST(std::ranges::count(SecretBytes(100).bytes(), std::byte{0}) == 100);
}

BOOST_AUTO_TEST_CASE(random_ones_differ) {
  const SecretBytes one = SecretBytes::random(32);
  const SecretBytes two = SecretBytes::random(32);
  BOOST_TEST(!std::ranges::equal(one.bytes(), two.bytes()));
}

BOOST_AUTO_TEST_CASE(is_kept_out_of_dumps_and_forks) {
  const SecretBytes secret = SecretBytes::random(32);
  const std::string flags = flags_of(secret.bytes().data());
  BOOST_TEST_REQUIRE(!flags.empty());
  BOOST_TEST(flags.find(" dd ") != std::string::npos);  // do not dump
  BOOST_TEST(flags.find(" wf ") != std::string::npos);  // wipe on fork
  BOOST_TEST((flags.find(" lo ") != std::string::npos || unlocked_secrets() > 0));
  const Bytes ordinary = noise(1, 32);
  BOOST_TEST(flags_of(ordinary.data()).find(" dd ") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(is_blank_in_a_forked_child) {
  const auto first_is_zero = [](const std::byte* bytes) {
    return std::all_of(bytes, bytes + 32, [](std::byte b) { return b == std::byte{0}; }) ? 10 : 20;
  };
  const SecretBytes secret = SecretBytes::copy_of(Bytes(32, std::byte{0xA5}));
  const Bytes ordinary(32, std::byte{0xA5});
  BOOST_TEST(exit_code_of_child(first_is_zero, secret.bytes().data()) == 10);
  BOOST_TEST(exit_code_of_child(first_is_zero, ordinary.data()) == 20);
}

BOOST_AUTO_TEST_CASE(is_wiped_when_asked) {
  Bytes bytes = noise(1, 100);
  wipe(bytes);
  BOOST_TEST(std::ranges::count(bytes, std::byte{0}) == 100);
}

BOOST_AUTO_TEST_CASE(its_page_is_wiped_before_the_next_secret_has_it) {
  const std::byte* page = nullptr;
  {
    const SecretBytes secret = SecretBytes::copy_of(noise(1, 4096));
    page = secret.bytes().data();
  }
  const SecretBytes next(4096);
  BOOST_TEST(next.bytes().data() == page);
  BOOST_TEST(std::ranges::count(next.bytes(), std::byte{0}) == 4096);
  BOOST_TEST(flags_of(page).find(" dd ") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(says_when_it_could_not_be_locked) {
  const auto unlocked_without_limit = [](const std::byte*) {
    const rlimit none{0, 0};
    if (::setrlimit(RLIMIT_MEMLOCK, &none) != 0) return 30;
    if (::geteuid() == 0 && ::seteuid(65534) != 0) return 30;
    const std::uint64_t before = unlocked_secrets();
    const SecretBytes secret(5000);
    return unlocked_secrets() == before + 1 ? 10 : 20;
  };
  BOOST_TEST(exit_code_of_child(unlocked_without_limit, nullptr) == 10);
}

BOOST_AUTO_TEST_CASE(a_hardened_process_leaves_no_dump) {
  const auto hardened = [](const std::byte*) {
    if (::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 1) return 30;
    harden_process();
    rlimit core{1, 1};
    ::getrlimit(RLIMIT_CORE, &core);
    return ::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 && core.rlim_max == 0 ? 10 : 20;
  };
  BOOST_TEST(exit_code_of_child(hardened, nullptr) == 10);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace obverse

// Locks whose use the compiler proves: under clang's -Wthread-safety, what is said to be guarded is
// touched only where its lock is known to be held. Other compilers see plain standard locks.
//
// A lambda is judged alone, without the locks of where it stands: wait in a loop, not with a
// condition in a lambda.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <shared_mutex>

#if defined(__clang__)
#define OBVERSE_PROVES(what) __attribute__((what))
#else
#define OBVERSE_PROVES(what)
#endif

// Of a member: touched only under this lock. Of a function: called only while it is held.
#define GUARDED_BY(lock) OBVERSE_PROVES(guarded_by(lock))
#define REQUIRES(...) OBVERSE_PROVES(requires_capability(__VA_ARGS__))
#define REQUIRES_SHARED(...) OBVERSE_PROVES(requires_shared_capability(__VA_ARGS__))

namespace obverse {

class OBVERSE_PROVES(capability("mutex")) Mutex {
 public:
  void lock() OBVERSE_PROVES(acquire_capability()) { native_.lock(); }
  void unlock() OBVERSE_PROVES(release_capability()) { native_.unlock(); }

 private:
  friend class Condition;
  std::mutex native_;
};

// Many may hold it together, or one alone.
class OBVERSE_PROVES(capability("mutex")) SharedMutex {
 public:
  void lock() OBVERSE_PROVES(acquire_capability()) { native_.lock(); }
  void unlock() OBVERSE_PROVES(release_capability()) { native_.unlock(); }
  void lock_shared() OBVERSE_PROVES(acquire_shared_capability()) { native_.lock_shared(); }
  void unlock_shared() OBVERSE_PROVES(release_shared_capability()) { native_.unlock_shared(); }

 private:
  std::shared_mutex native_;
};

// Holds it alone until the end of the block.
template <class Of>
class OBVERSE_PROVES(scoped_lockable) Lock {
 public:
  explicit Lock(Of& of) OBVERSE_PROVES(acquire_capability(of)) : of_(of) { of_.lock(); }
  ~Lock() OBVERSE_PROVES(release_capability()) { of_.unlock(); }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

 private:
  Of& of_;
};

// Lets it go, and takes it back at the end of the block.
class OBVERSE_PROVES(scoped_lockable) Unlock {
 public:
  explicit Unlock(Mutex& of) OBVERSE_PROVES(release_capability(of)) : of_(of) { of_.unlock(); }
  // For the analysis the end of the block ends what the beginning did.
  ~Unlock() OBVERSE_PROVES(release_capability()) { of_.lock(); }
  Unlock(const Unlock&) = delete;
  Unlock& operator=(const Unlock&) = delete;

 private:
  Mutex& of_;
};

class OBVERSE_PROVES(scoped_lockable) SharedLock {
 public:
  explicit SharedLock(SharedMutex& of) OBVERSE_PROVES(acquire_shared_capability(of)) : of_(of) {
    of_.lock_shared();
  }
  ~SharedLock() OBVERSE_PROVES(release_generic_capability()) { of_.unlock_shared(); }
  SharedLock(const SharedLock&) = delete;
  SharedLock& operator=(const SharedLock&) = delete;

 private:
  SharedMutex& of_;
};

// Waiting lets the lock go meanwhile, and may end for no reason at all.
class Condition {
 public:
  void notify_one() { native_.notify_one(); }
  void notify_all() { native_.notify_all(); }

  void wait(Mutex& held) OBVERSE_PROVES(requires_capability(held)) {
    std::unique_lock lock(held.native_, std::adopt_lock);
    native_.wait(lock);
    lock.release();
  }
  // False once that time has come.
  bool wait_until(Mutex& held, std::chrono::steady_clock::time_point until)
      OBVERSE_PROVES(requires_capability(held)) {
    std::unique_lock lock(held.native_, std::adopt_lock);
    const auto ended = native_.wait_until(lock, until);
    lock.release();
    return ended == std::cv_status::no_timeout;
  }

 private:
  std::condition_variable native_;
};

}  // namespace obverse

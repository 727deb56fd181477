// The operating system's own functions, below those of live.cc that stand in front of them.
#pragma once

#include <sys/types.h>
#include <time.h>

namespace obverse::mortal {

struct Beneath {
  int (*open)(const char*, int, ...);
  int (*close)(int);
  ssize_t (*write)(int, const void*, size_t);
  ssize_t (*pwrite)(int, const void*, size_t, off_t);
  int (*ftruncate)(int, off_t);
  int (*fallocate)(int, int, off_t, off_t);
  int (*posix_fallocate)(int, off_t, off_t);
  int (*fsync)(int);
  int (*fdatasync)(int);
  int (*rename)(const char*, const char*);
  int (*unlink)(const char*);
  int (*link)(const char*, const char*);
  int (*mkdir)(const char*, mode_t);
  int (*clock_gettime)(clockid_t, timespec*);
};

const Beneath& beneath();

}  // namespace obverse::mortal

/* Preloaded into a server: its clock goes back by an hour once the file that CLOCK_BACK names is there. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/time.h>
#include <unistd.h>

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  static int (*real)(struct timeval *, void *);
  if (!real) real = (int (*)(struct timeval *, void *))dlsym(RTLD_NEXT, "gettimeofday");
  int result = real(now, zone);
  const char *file = getenv("CLOCK_BACK");
  if (file && access(file, F_OK) == 0) now->tv_sec -= 3600;
  return result;
}

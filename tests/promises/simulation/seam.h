// A seam: the linker turns every call of a symbol from another file into a call of NAME_seam, and
// NAME_real is what the product has. The symbols are in seams.txt; the build gives them as
// SEAM_NAME.
#pragma once

#define SEAM(result, name, ...)                               \
  result name##_real(__VA_ARGS__) asm("__real_" SEAM_##name); \
  result name##_seam(__VA_ARGS__) asm("__wrap_" SEAM_##name); \
  result name##_seam(__VA_ARGS__)

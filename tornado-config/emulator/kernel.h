// What generated CUDA C needs to be a function of this processor. One file is compiled for each kernel: this header, the
// generated source, and an entry that takes the parameters as the driver has them.
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "block.h"

extern "C" {
__attribute__((visibility("default"))) Block emulated_block;
// The block's local memory: every __shared__ variable of the file.
extern char __start_emulated_shared[] __attribute__((weak));
extern char __stop_emulated_shared[] __attribute__((weak));
// Local memory is not cleared between blocks on a GPU, so what a block has not written makes NaN.
__attribute__((visibility("default"))) void emulated_poison() {
    if (__start_emulated_shared) {
        memset(__start_emulated_shared, 0xff, __stop_emulated_shared - __start_emulated_shared);
    }
}
}

#define threadIdx (emulated_block.thread)
#define blockIdx (emulated_block.index)
#define blockDim (emulated_block.threads)
#define gridDim (emulated_block.blocks)
#define __global__ __attribute__((noinline))
#define __device__ static
#define __forceinline__ inline
#define __shared__ static __attribute__((section("emulated_shared")))
#define __restrict__
#define __syncthreads() emulated_block.barrier(__LINE__)

static inline float __int_as_float(int i) {
    float f;
    memcpy(&f, &i, sizeof f);
    return f;
}
static inline int __float_as_int(float f) {
    int i;
    memcpy(&i, &f, sizeof i);
    return i;
}
static inline float rsqrtf(float x) {
    return 1.0f / sqrtf(x);
}
// CUDA has these built in for every type; of two floats, one that is not a number is passed over.
static inline int min(int a, int b) {
    return a < b ? a : b;
}
static inline int max(int a, int b) {
    return a > b ? a : b;
}
static inline long long min(long long a, long long b) {
    return a < b ? a : b;
}
static inline long long max(long long a, long long b) {
    return a > b ? a : b;
}
static inline float min(float a, float b) {
    return fminf(a, b);
}
static inline float max(float a, float b) {
    return fmaxf(a, b);
}

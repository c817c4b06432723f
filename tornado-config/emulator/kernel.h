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

// ---- instructions of a warp that TornadoVM writes as assembly; compiler.cpp puts these in their place

// What the threads of a block hand each other: two places a thread, taken in turns, so that a thread that is one
// instruction ahead does not write over what another has yet to read.
struct Exchange {
    unsigned words[6];
};
static Exchange emulated_exchange[2][1024];
static unsigned char emulated_turn[1024];

static inline unsigned emulated_thread() {
    return threadIdx.x + blockDim.x * (threadIdx.y + blockDim.y * threadIdx.z);
}

// Hands out a thread's words and waits until the whole block has done so: every warp runs the same instructions.
// Gives the places of its warp.
static inline const Exchange *emulated_handOut(const unsigned *words, int count, int line) {
    unsigned thread = emulated_thread();
    Exchange *places = emulated_exchange[emulated_turn[thread] ^= 1];
    memcpy(places[thread].words, words, count * sizeof *words);
    emulated_block.barrier(line);
    return places + (thread & ~31u);
}

// A shared address has 32 bits: here, from the beginning of the block's local memory.
static inline unsigned emulated_sharedAddress(const char *at) {
    return (unsigned) (at - __start_emulated_shared);
}

// ldmatrix.m8n8: lanes 8i … 8i + 7 give the addresses of the rows of matrix i, 8 numbers of 16 bits each. A lane gets
// two neighbours of row lane / 4; with trans, of column lane / 4.
static inline void emulated_ldmatrix(unsigned *to, int matrices, bool trans, unsigned address, int line) {
    const Exchange *warp = emulated_handOut(&address, 1, line);
    unsigned lane = emulated_thread() & 31, outer = lane >> 2, inner = (lane & 3) * 2;
    for (int i = 0; i < matrices; i++) {
        uint16_t pair[2];
        for (unsigned j = 0; j < 2; j++) {
            unsigned row = trans ? inner + j : outer, column = trans ? outer : inner + j;
            memcpy(&pair[j], __start_emulated_shared + warp[8 * i + row].words[0] + 2 * column, 2);
        }
        to[i] = pair[0] | (unsigned) pair[1] << 16;
    }
}

// Number `i` of a row of 16 bfloat16 that four lanes hold: each two neighbours in its word `low`, and those 8 behind
// them in its word `high`.
static inline float emulated_bf16(const Exchange *lanes, unsigned i, int low, int high) {
    unsigned pair = lanes[i % 8 / 2].words[i < 8 ? low : high];
    return __int_as_float((int) (i % 2 ? pair & 0xffff0000u : pair << 16));
}

// mma.m16n8k16, row.col, bfloat16 with float sums. The order of a GPU's additions is its own; here k goes up.
static inline void emulated_mma(float *d, const unsigned *a, const unsigned *b, const float *c, int line) {
    unsigned words[6] = {a[0], a[1], a[2], a[3], b[0], b[1]};
    const Exchange *warp = emulated_handOut(words, 6, line);
    unsigned lane = emulated_thread() & 31;
    for (int i = 0; i < 4; i++) {
        const Exchange *row = warp + (lane & ~3u);
        const Exchange *column = warp + 4 * ((lane & 3) * 2 + i % 2);
        float sum = c[i];
        for (unsigned k = 0; k < 16; k++) {
            sum += emulated_bf16(row, k, i / 2, i / 2 + 2) * emulated_bf16(column, k, 4, 5);
        }
        d[i] = sum;
    }
}

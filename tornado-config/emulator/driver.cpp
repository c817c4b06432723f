// A stand-in for libcuda: one device whose memory is host memory and whose kernels are functions of this processor, made
// by compiler.cpp. Everything runs in the order of the calls, in the thread that calls.
//
//   EMULATOR_REVERSE=1   threads of a block and blocks of a grid run from the last to the first
//   EMULATOR_FREE=1      kernels are neither compiled nor run, for the cost of launching; but for one called finish, whose
//                        mark jmoco waits for at the end of a run
//   EMULATOR_FAIL=N      the launch of number N, counted from 1, and everything after it fail, as after an illegal access
//   EMULATOR_MEMORY=N    bytes of the device (default: an H200's)
//   EMULATOR_COUNTS=FILE counts of calls and bytes, added to the file at the end
#include "cuda.h"

#include <dlfcn.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "block.h"

#define API extern "C" __attribute__((visibility("default")))

static const size_t H200 = 150754820096;
// Memory up to this size begins as NaN, so that what nobody wrote shows; more would have to be there.
static const size_t POISONED = size_t(1) << 28;
static const int MOST_THREADS = 1024;
static const unsigned MOST_BLOCKS_YZ = 65535;

static std::mutex lock;
static CUresult failed = CUDA_SUCCESS; // once a kernel has failed, so does all that follows

static bool asked(const char *variable) {
    const char *value = getenv(variable);
    return value && *value && strcmp(value, "0") != 0;
}

static long number(const char *variable, long otherwise) {
    const char *value = getenv(variable);
    return value && *value ? atol(value) : otherwise;
}

enum Count { LAUNCHES, GRAPH_LAUNCHES, SYNCHRONIZATIONS, COPIES_UP, COPIES_DOWN, BYTES_UP, BYTES_DOWN, EVENTS, REGISTRATIONS, COUNTS };
static const char *const NAMES[COUNTS] = {"launches", "graphLaunches", "synchronizations", "copiesUp", "copiesDown", "bytesUp", "bytesDown", "events", "registrations"};
static long counts[COUNTS];

__attribute__((destructor)) static void report() {
    const char *file = getenv("EMULATOR_COUNTS");
    FILE *out = file ? fopen(file, "a") : nullptr;
    if (out) {
        for (int i = 0; i < COUNTS; i++) {
            fprintf(out, "%s=%ld%c", NAMES[i], counts[i], i < COUNTS - 1 ? ' ' : '\n');
        }
        fclose(out);
    }
}

struct Module {
    void *library;
};
struct Function {
    std::string name;
    void (*run)(void **parameters) = nullptr; // none: it is not run
    void (*poison)() = nullptr;
    Block *block = nullptr;
    bool barriers = false;
    std::vector<size_t> sizes; // bytes of each parameter
};
struct Stream {
    Graph *capturing;
};
struct Event {};
struct Operation {
    Function *kernel; // or none: a copy
    unsigned grid[3], threads[3];
    std::vector<std::string> parameters;
    bool up;
    void *to;
    const void *from;
    size_t bytes;
};
struct Graph {
    std::vector<Operation> operations;
};

// ---- the device

API CUresult cuInit(unsigned) { return CUDA_SUCCESS; }
API CUresult cuDriverGetVersion(int *version) { *version = 13000; return CUDA_SUCCESS; }
API CUresult cuDeviceGetCount(int *n) { *n = 1; return CUDA_SUCCESS; }
API CUresult cuDeviceGet(CUdevice *device, int i) { *device = i; return CUDA_SUCCESS; }
API CUresult cuDeviceGetName(char *name, int length, CUdevice) {
    snprintf(name, length, "NVIDIA emulated");
    return CUDA_SUCCESS;
}
API CUresult cuDeviceTotalMem_v2(size_t *bytes, CUdevice) {
    *bytes = number("EMULATOR_MEMORY", H200);
    return CUDA_SUCCESS;
}
API CUresult cuMemGetInfo_v2(size_t *free, size_t *total) {
    cuDeviceTotalMem_v2(total, 0);
    *free = *total;
    return CUDA_SUCCESS;
}
API CUresult cuDeviceGetAttribute(int *value, int attribute, CUdevice) {
    switch (attribute) {
        case CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR: *value = 9; break;
        case CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR: *value = 0; break;
        case CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT: *value = 132; break;
        case CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_BLOCK:
        case CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_X:
        case CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_Y: *value = MOST_THREADS; break;
        case CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_Z: *value = 64; break;
        case CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_X: *value = 2147483647; break;
        case CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_Y:
        case CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_Z: *value = MOST_BLOCKS_YZ; break;
        case CU_DEVICE_ATTRIBUTE_CLOCK_RATE: *value = 1980000; break;
        case CU_DEVICE_ATTRIBUTE_TOTAL_CONSTANT_MEMORY: *value = 65536; break;
        case CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK: *value = 49152; break;
        case CU_DEVICE_ATTRIBUTE_ASYNC_ENGINE_COUNT: *value = 3; break;
        case CU_DEVICE_ATTRIBUTE_CONCURRENT_KERNELS: *value = 1; break;
        case CU_DEVICE_ATTRIBUTE_WARP_SIZE: *value = 32; break;
        default: *value = 0;
    }
    return CUDA_SUCCESS;
}
API CUresult cuCtxCreate_v4(CUcontext *context, void *, unsigned, CUdevice) { *context = (CUcontext) 1; return CUDA_SUCCESS; }
API CUresult cuCtxCreate_v2(CUcontext *context, unsigned, CUdevice) { *context = (CUcontext) 1; return CUDA_SUCCESS; }
API CUresult cuCtxDestroy_v2(CUcontext) { return CUDA_SUCCESS; }
API CUresult cuCtxSetCurrent(CUcontext) { return CUDA_SUCCESS; }
API CUresult cuCtxSynchronize() { return failed; }
API CUresult cuCtxGetStreamPriorityRange(int *least, int *greatest) { *least = 0; *greatest = -5; return CUDA_SUCCESS; }
API CUresult cuGetErrorName(CUresult, const char **text) { *text = "EMULATED"; return CUDA_SUCCESS; }
API CUresult cuGetErrorString(CUresult, const char **text) { *text = "see above"; return CUDA_SUCCESS; }

// ---- memory

static std::map<CUdeviceptr, size_t> allocated;

API CUresult cuMemAlloc_v2(CUdeviceptr *at, size_t bytes) {
    std::lock_guard<std::mutex> held(lock);
    size_t taken = bytes;
    for (const auto &entry : allocated) {
        taken += entry.second;
    }
    // A mapping takes no memory before it is touched, so the device may be larger than the machine.
    void *memory = taken > (size_t) number("EMULATOR_MEMORY", H200)
            ? MAP_FAILED
            : mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) {
        return CUDA_ERROR_OUT_OF_MEMORY;
    }
    if (bytes <= POISONED && !asked("EMULATOR_FREE")) {
        memset(memory, 0xff, bytes);
    }
    *at = (CUdeviceptr) memory;
    allocated[*at] = bytes;
    return CUDA_SUCCESS;
}
API CUresult cuMemFree_v2(CUdeviceptr at) {
    std::lock_guard<std::mutex> held(lock);
    auto entry = allocated.find(at);
    if (entry == allocated.end()) {
        return CUDA_ERROR_INVALID_VALUE;
    }
    munmap((void *) at, entry->second);
    allocated.erase(entry);
    return CUDA_SUCCESS;
}
API CUresult cuMemAllocHost_v2(void **at, size_t bytes) { *at = malloc(bytes); return CUDA_SUCCESS; }
API CUresult cuMemFreeHost(void *at) { free(at); return CUDA_SUCCESS; }
API CUresult cuMemHostRegister_v2(void *, size_t, unsigned) { counts[REGISTRATIONS]++; return CUDA_SUCCESS; }
API CUresult cuMemHostUnregister(void *) { return CUDA_SUCCESS; }
API CUresult cuMemcpyDtoD_v2(CUdeviceptr to, CUdeviceptr from, size_t bytes) {
    memmove((void *) to, (void *) from, bytes);
    return failed;
}
API CUresult cuMemsetD8_v2(CUdeviceptr at, unsigned char value, size_t bytes) {
    memset((void *) at, value, bytes);
    return failed;
}

static CUresult copy(Stream *stream, bool up, void *to, const void *from, size_t bytes) {
    if (stream && stream->capturing) {
        Operation operation{};
        operation.up = up;
        operation.to = to;
        operation.from = from;
        operation.bytes = bytes;
        stream->capturing->operations.push_back(operation);
        return CUDA_SUCCESS;
    }
    counts[up ? COPIES_UP : COPIES_DOWN]++;
    counts[up ? BYTES_UP : BYTES_DOWN] += bytes;
    if (failed == CUDA_SUCCESS) {
        memcpy(to, from, bytes);
    }
    return failed;
}
API CUresult cuMemcpyHtoDAsync_v2(CUdeviceptr to, const void *from, size_t bytes, CUstream stream) {
    return copy(stream, true, (void *) to, from, bytes);
}
API CUresult cuMemcpyDtoHAsync_v2(void *to, CUdeviceptr from, size_t bytes, CUstream stream) {
    return copy(stream, false, to, (void *) from, bytes);
}

// ---- streams and events: everything has happened when its call returns

API CUresult cuStreamCreate(CUstream *stream, unsigned) { *stream = new Stream(); return CUDA_SUCCESS; }
API CUresult cuStreamCreateWithPriority(CUstream *stream, unsigned, int) { *stream = new Stream(); return CUDA_SUCCESS; }
API CUresult cuStreamDestroy_v2(CUstream stream) { delete stream; return CUDA_SUCCESS; }
API CUresult cuStreamSynchronize(CUstream stream) {
    counts[SYNCHRONIZATIONS]++;
    return stream && stream->capturing ? CUDA_ERROR_STREAM_CAPTURE_INVALIDATED : failed;
}
API CUresult cuStreamWaitEvent(CUstream, CUevent, unsigned) { return CUDA_SUCCESS; }
API CUresult cuEventCreate(CUevent *event, unsigned) { counts[EVENTS]++; *event = new Event(); return CUDA_SUCCESS; }
API CUresult cuEventDestroy_v2(CUevent event) { delete event; return CUDA_SUCCESS; }
API CUresult cuEventRecord(CUevent, CUstream) { return CUDA_SUCCESS; }
API CUresult cuEventQuery(CUevent) { return CUDA_SUCCESS; }
API CUresult cuEventSynchronize(CUevent) { return CUDA_SUCCESS; }
API CUresult cuEventElapsedTime(float *millis, CUevent, CUevent) { *millis = 0; return CUDA_SUCCESS; }
API CUresult cuEventElapsedTime_v2(float *millis, CUevent, CUevent) { *millis = 0; return CUDA_SUCCESS; }

// ---- modules: what compiler.cpp gives out as machine code is the name of a shared library

API CUresult cuModuleLoadDataEx(CUmodule *module, const void *image, unsigned, int *, void **) {
    const char *name = (const char *) image;
    void *library = *name ? dlopen(name, RTLD_NOW | RTLD_LOCAL) : nullptr;
    if (!library && *name) {
        fprintf(stderr, "emulator: %s\n", dlerror());
        return CUDA_ERROR_INVALID_IMAGE;
    }
    *module = new Module{library};
    return CUDA_SUCCESS;
}
API CUresult cuModuleLoadData(CUmodule *module, const void *image) { return cuModuleLoadDataEx(module, image, 0, nullptr, nullptr); }
API CUresult cuModuleUnload(CUmodule) { return CUDA_SUCCESS; }

API CUresult cuModuleGetFunction(CUfunction *function, CUmodule module, const char *name) {
    Function *found = new Function();
    found->name = name;
    if (!module->library) {
        *function = found;
        return CUDA_SUCCESS;
    }
    found->run = (void (*)(void **)) dlsym(module->library, "emulated_run");
    found->poison = (void (*)()) dlsym(module->library, "emulated_poison");
    found->block = (Block *) dlsym(module->library, "emulated_block");
    const int *barriers = (const int *) dlsym(module->library, "emulated_barriers");
    const int *parameters = (const int *) dlsym(module->library, "emulated_parameters");
    const size_t *sizes = (const size_t *) dlsym(module->library, "emulated_sizes");
    if (!found->run || !found->poison || !found->block || !barriers || !parameters || !sizes) {
        return CUDA_ERROR_NOT_FOUND;
    }
    found->barriers = *barriers != 0;
    found->sizes.assign(sizes, sizes + *parameters);
    *function = found;
    return CUDA_SUCCESS;
}
API CUresult cuOccupancyMaxPotentialBlockSize(int *blocks, int *threads, CUfunction, void *, size_t, int) {
    *blocks = 132;
    *threads = 256;
    return CUDA_SUCCESS;
}

// ---- kernels: the threads of a block are fibers, a barrier gives way to the next one

struct Fiber {
    ucontext_t start;
    jmp_buf at;
    char *stack;
    bool begun, ended;
    int line; // of the barrier it waits at
};

static const size_t STACK = 128 << 10;
static std::vector<Fiber> fibers;
static jmp_buf scheduler;
static ucontext_t outside;
static Function *kernel;
static void **arguments;
static int current;

static void fiber() {
    kernel->run(arguments);
    fibers[current].ended = true;
    _longjmp(scheduler, 1);
}

// The way back into a fiber, and out of it, saves no signal mask: a barrier would cost two system calls a thread.
static void barrier(int line) {
    Fiber &f = fibers[current];
    f.line = line;
    if (_setjmp(f.at) == 0) {
        _longjmp(scheduler, 1);
    }
}

static void resume(int i) {
    Fiber &f = fibers[i];
    current = i;
    if (_setjmp(scheduler) == 0) {
        if (f.begun) {
            _longjmp(f.at, 1);
        }
        f.begun = true;
        setcontext(&f.start);
    }
}

static void enter(Block *block, int i) {
    block->thread.x = i % block->threads.x;
    block->thread.y = i / block->threads.x % block->threads.y;
    block->thread.z = i / block->threads.x / block->threads.y;
}

static void refuse(const char *what) {
    if (failed == CUDA_SUCCESS) {
        failed = CUDA_ERROR_LAUNCH_FAILED;
        fprintf(stderr, "emulator: kernel %s: %s\n", kernel->name.c_str(), what);
    }
}

static void runBlock(Block *block, int threads, bool reverse) {
    kernel->poison();
    if (!kernel->barriers) {
        for (int k = 0; k < threads; k++) {
            enter(block, reverse ? threads - 1 - k : k);
            kernel->run(arguments);
        }
        return;
    }
    while ((int) fibers.size() < threads) {
        fibers.emplace_back();
        fibers.back().stack = (char *) malloc(STACK);
    }
    for (int i = 0; i < threads; i++) {
        Fiber &f = fibers[i];
        f.begun = f.ended = false;
        getcontext(&f.start);
        f.start.uc_stack.ss_sp = f.stack;
        f.start.uc_stack.ss_size = STACK;
        f.start.uc_link = &outside;
        makecontext(&f.start, fiber, 0);
    }
    for (int waiting = threads; waiting > 0;) {
        int arrived = 0;
        int line = 0;
        for (int k = 0; k < threads; k++) {
            int i = reverse ? threads - 1 - k : k;
            if (fibers[i].ended) {
                continue;
            }
            enter(block, i);
            resume(i);
            if (!fibers[i].ended) {
                if (arrived > 0 && fibers[i].line != line) {
                    return refuse("threads of a block wait at different barriers");
                }
                line = fibers[i].line;
                arrived++;
            }
        }
        if (arrived > 0 && arrived < threads) {
            return refuse("some threads of a block wait at a barrier and others have ended");
        }
        waiting = arrived;
    }
}

static CUresult run(Function *function, const unsigned grid[3], const unsigned threads[3], void **parameters) {
    static const bool reverse = asked("EMULATOR_REVERSE");
    static const long fail = number("EMULATOR_FAIL", 0);
    std::lock_guard<std::mutex> held(lock);
    counts[LAUNCHES]++;
    if (counts[LAUNCHES] == fail) {
        failed = CUDA_ERROR_ILLEGAL_ADDRESS;
    }
    if (failed != CUDA_SUCCESS || !function->run) {
        return failed;
    }
    kernel = function;
    arguments = parameters;
    Block *block = function->block;
    block->threads = {threads[0], threads[1], threads[2]};
    block->blocks = {grid[0], grid[1], grid[2]};
    block->barrier = barrier;
    size_t all = (size_t) grid[0] * grid[1] * grid[2];
    for (size_t k = 0; k < all && failed == CUDA_SUCCESS; k++) {
        size_t i = reverse ? all - 1 - k : k;
        block->index = {(unsigned) (i % grid[0]), (unsigned) (i / grid[0] % grid[1]), (unsigned) (i / grid[0] / grid[1])};
        runBlock(block, threads[0] * threads[1] * threads[2], reverse);
    }
    return failed;
}

API CUresult cuLaunchKernel(CUfunction function, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned x, unsigned y, unsigned z,
        unsigned, CUstream stream, void **parameters, void **) {
    if (gridX == 0 || gridY == 0 || gridZ == 0 || gridY > MOST_BLOCKS_YZ || gridZ > MOST_BLOCKS_YZ || x == 0 || y == 0 || z == 0
            || (size_t) x * y * z > MOST_THREADS) {
        return CUDA_ERROR_INVALID_VALUE;
    }
    unsigned grid[3] = {gridX, gridY, gridZ};
    unsigned threads[3] = {x, y, z};
    if (!stream || !stream->capturing) {
        return run(function, grid, threads, parameters);
    }
    Operation operation{};
    operation.kernel = function;
    memcpy(operation.grid, grid, sizeof grid);
    memcpy(operation.threads, threads, sizeof threads);
    for (size_t i = 0; i < function->sizes.size(); i++) {
        operation.parameters.emplace_back(parameters[i] ? std::string((const char *) parameters[i], function->sizes[i]) : std::string());
    }
    stream->capturing->operations.push_back(operation);
    return CUDA_SUCCESS;
}

// ---- graphs: what a stream is told while it is capturing is done at each launch of the graph, with the parameters and
// addresses of then and what lies at the addresses now

API CUresult cuStreamBeginCapture_v2(CUstream stream, int) { stream->capturing = new Graph(); return CUDA_SUCCESS; }
API CUresult cuStreamEndCapture(CUstream stream, CUgraph *graph) {
    *graph = stream->capturing;
    stream->capturing = nullptr;
    return CUDA_SUCCESS;
}
API CUresult cuStreamIsCapturing(CUstream stream, int *status) { *status = stream->capturing ? 1 : 0; return CUDA_SUCCESS; }
API CUresult cuGraphInstantiateWithFlags(CUgraphExec *executable, CUgraph graph, unsigned long long) {
    *executable = new Graph(*graph);
    return CUDA_SUCCESS;
}
API CUresult cuGraphInstantiate_v2(CUgraphExec *executable, CUgraph graph, void *, char *, size_t) {
    return cuGraphInstantiateWithFlags(executable, graph, 0);
}
API CUresult cuGraphExecUpdate_v2(CUgraphExec executable, CUgraph graph, void *) { *executable = *graph; return CUDA_SUCCESS; }
API CUresult cuGraphExecDestroy(CUgraphExec executable) { delete executable; return CUDA_SUCCESS; }
API CUresult cuGraphDestroy(CUgraph graph) { delete graph; return CUDA_SUCCESS; }
API CUresult cuGraphLaunch(CUgraphExec executable, CUstream) {
    counts[GRAPH_LAUNCHES]++;
    for (Operation &operation : executable->operations) {
        if (operation.kernel) {
            std::vector<void *> parameters;
            for (std::string &bytes : operation.parameters) {
                parameters.push_back(&bytes[0]);
            }
            run(operation.kernel, operation.grid, operation.threads, parameters.data());
        } else {
            copy(nullptr, operation.up, operation.to, operation.from, operation.bytes);
        }
    }
    return failed;
}

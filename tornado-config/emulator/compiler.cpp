// A stand-in for libnvrtc: makes a shared library of the generated CUDA C with the system's C++ compiler, and gives out
// its name as the machine code. Fused multiply-add, as NVRTC does by default.
//
//   EMULATOR_FOLDER=DIR   where sources and libraries are kept from one run to the next (default: in TMPDIR or /tmp)
//   CXX                   the compiler (default: c++)
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <regex>
#include <string>

#define API extern "C" __attribute__((visibility("default")))

typedef int nvrtcResult;
enum { NVRTC_SUCCESS = 0, NVRTC_ERROR_COMPILATION = 6 };

struct Program {
    std::string source, log, library;
};
typedef Program *nvrtcProgram;

static const char *const FLAGS = "-std=c++17 -O2 -march=native -ffp-contract=fast -fno-strict-aliasing -fwrapv -w -fPIC -shared";

static std::string folder() {
    const char *given = getenv("EMULATOR_FOLDER");
    const char *temporary = getenv("TMPDIR");
    std::string at = given ? given : std::string(temporary ? temporary : "/tmp") + "/jmoco-emulator-" + std::to_string(getuid());
    mkdir(at.c_str(), 0700);
    return at;
}

// Where this library and the headers beside its sources lie; build copies them.
static std::string here() {
    Dl_info info;
    dladdr((void *) folder, &info);
    std::string file = info.dli_fname;
    return file.substr(0, file.rfind('/'));
}

static std::string read(const std::string &file) {
    std::ifstream in(file, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
}

// FNV-1a
static std::string digest(const std::string &text) {
    uint64_t hash = 14695981039346656037ULL;
    for (unsigned char c : text) {
        hash = (hash ^ c) * 1099511628211ULL;
    }
    char hex[17];
    snprintf(hex, sizeof hex, "%016llx", (unsigned long long) hash);
    return hex;
}

// The instructions of a warp, which TornadoVM writes as inline assembly, as calls of kernel.h.
static std::string withoutAssembly(const std::string &source) {
    static const std::pair<const char *, const char *> CALLS[] = {
            {R"re(asm volatile\("\{ \.reg \.u64 u; cvta\.to\.shared\.u64 [^"]*" : "=r"\((\w+)\) : "l"\((.*)\)\);)re",
                    "$1 = emulated_sharedAddress($2);"},
            {R"re(asm volatile\("ldmatrix\.sync\.aligned\.m8n8\.x4\.shared\.b16 [^"]*" : "=r"\((\w+)\[0\]\).* : "r"\((\w+)\)\);)re",
                    "emulated_ldmatrix($1, 4, false, $2, __LINE__);"},
            {R"re(asm volatile\("ldmatrix\.sync\.aligned\.m8n8\.x2\.trans\.shared\.b16 [^"]*" : "=r"\((\w+)\[0\]\).* : "r"\((\w+)\)\);)re",
                    "emulated_ldmatrix($1, 2, true, $2, __LINE__);"},
            {R"re(asm volatile\("mma\.sync\.aligned\.m16n8k16\.row\.col\.f32\.bf16\.bf16\.f32 [^"]*" : "=f"\((\w+)\[0\]\).* : "r"\((\w+)\[0\]\).*, "r"\((\w+)\[1\]\), "f"\((\w+)\[0\]\).*;)re",
                    "emulated_mma($1, $2, $3, $4, __LINE__);"}};
    std::string result = source;
    for (const auto &[assembly, call] : CALLS) {
        result = std::regex_replace(result, std::regex(assembly), call);
    }
    return result;
}

// The file to compile: the generated source, and its kernel as a function of the addresses of its parameters.
static std::string wrapped(const std::string &source, const std::string &name, const std::string &parameters) {
    std::string call, sizes;
    int count = 0;
    std::regex comma(",");
    for (std::sregex_token_iterator p(parameters.begin(), parameters.end(), comma, -1), end; p != end; ++p, ++count) {
        std::string parameter = *p;
        std::string type = parameter.substr(0, parameter.find_last_of(" *") + 1);
        std::string separator = count ? ", " : "";
        call += separator + "*(" + type + "*) p[" + std::to_string(count) + "]";
        sizes += separator + "sizeof(" + type + ")";
    }
    bool barriers = source.find("__sync") != std::string::npos;
    return "#include \"kernel.h\"\n" + withoutAssembly(source) + "\n#define EXPORT __attribute__((visibility(\"default\")))\nextern \"C\" {\n"
            + "EXPORT int emulated_barriers = " + (barriers ? "1" : "0") + ";\nEXPORT int emulated_parameters = " + std::to_string(count)
            + ";\nEXPORT size_t emulated_sizes[] = {" + sizes + "};\nEXPORT void emulated_run(void **p) { " + name + "(" + call + "); }\n}\n";
}

API nvrtcResult nvrtcVersion(int *major, int *minor) { *major = 13; *minor = 0; return NVRTC_SUCCESS; }
API nvrtcResult nvrtcGetNumSupportedArchs(int *n) { *n = 1; return NVRTC_SUCCESS; }
API nvrtcResult nvrtcGetSupportedArchs(int *archs) { archs[0] = 90; return NVRTC_SUCCESS; }
API const char *nvrtcGetErrorString(nvrtcResult) { return "the C++ compiler refused"; }
API nvrtcResult nvrtcCreateProgram(nvrtcProgram *program, const char *source, const char *, int, const char *const *, const char *const *) {
    *program = new Program{source, "", ""};
    return NVRTC_SUCCESS;
}
API nvrtcResult nvrtcDestroyProgram(nvrtcProgram *program) {
    delete *program;
    *program = nullptr;
    return NVRTC_SUCCESS;
}

API nvrtcResult nvrtcCompileProgram(nvrtcProgram program, int, const char *const *) {
    std::smatch match;
    if (!std::regex_search(program->source, match, std::regex("__global__ void (\\w+)\\(([^)]*)\\)"))) {
        program->log = "there is no kernel in the source";
        return NVRTC_ERROR_COMPILATION;
    }
    std::string name = match[1];
    if (getenv("EMULATOR_FREE") && name != "finish") {
        return NVRTC_SUCCESS; // see driver.cpp: it will not run
    }
    std::string file = wrapped(program->source, name, match[2]);
    std::string base = folder() + "/" + name + "-" + digest(FLAGS + read(here() + "/kernel.h") + file);
    program->library = base + ".so";
    if (access(program->library.c_str(), R_OK) == 0) {
        return NVRTC_SUCCESS;
    }
    std::string own = base + "." + std::to_string(getpid());
    std::ofstream(base + ".cu") << program->source;
    std::ofstream(own + ".cpp") << file;
    const char *compiler = getenv("CXX");
    // The emulator's own libraries are in LD_LIBRARY_PATH; the compiler needs none of them.
    std::string command = std::string("LD_LIBRARY_PATH= LD_PRELOAD= ") + (compiler ? compiler : "c++") + " " + FLAGS + " -I'" + here()
            + "' -o '" + own + ".so' '" + own + ".cpp' > '" + own + ".log' 2>&1";
    int status = system(command.c_str());
    program->log = read(own + ".log");
    unlink((own + ".log").c_str());
    unlink((own + ".cpp").c_str());
    if (status != 0 || rename((own + ".so").c_str(), program->library.c_str()) != 0) {
        fprintf(stderr, "emulator: kernel %s does not compile: %s\n", name.c_str(), program->log.c_str());
        return NVRTC_ERROR_COMPILATION;
    }
    return NVRTC_SUCCESS;
}

API nvrtcResult nvrtcGetProgramLogSize(nvrtcProgram program, size_t *bytes) { *bytes = program->log.size() + 1; return NVRTC_SUCCESS; }
API nvrtcResult nvrtcGetProgramLog(nvrtcProgram program, char *log) { strcpy(log, program->log.c_str()); return NVRTC_SUCCESS; }
API nvrtcResult nvrtcGetCUBINSize(nvrtcProgram program, size_t *bytes) { *bytes = program->library.size() + 1; return NVRTC_SUCCESS; }
API nvrtcResult nvrtcGetCUBIN(nvrtcProgram program, char *code) { strcpy(code, program->library.c_str()); return NVRTC_SUCCESS; }
API nvrtcResult nvrtcGetPTXSize(nvrtcProgram, size_t *bytes) { *bytes = 1; return NVRTC_SUCCESS; }
API nvrtcResult nvrtcGetPTX(nvrtcProgram, char *text) { *text = 0; return NVRTC_SUCCESS; }

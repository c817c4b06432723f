package org.jmoco.tensor.backend.tornado;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/// NVIDIA's compiler of CUDA C, as a library. It needs no GPU.
final class Nvrtc {
    private static final AddressLayout POINTER = ValueLayout.ADDRESS;

    private final SymbolLookup library;

    /// @param file `libnvrtc.so.13`; its builtins must lie where the system's loader finds them
    Nvrtc(Path file) {
        library = SymbolLookup.libraryLookup(file, Arena.global());
    }

    private int call(String name, Object... arguments) {
        var types = new java.lang.foreign.MemoryLayout[arguments.length];
        for (int i = 0; i < arguments.length; i++) {
            types[i] = arguments[i] instanceof Integer ? ValueLayout.JAVA_INT : POINTER;
        }
        MethodHandle function = Linker.nativeLinker()
                .downcallHandle(library.find(name).orElseThrow(), FunctionDescriptor.of(ValueLayout.JAVA_INT, types));
        try {
            return (int) function.invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new IllegalStateException(name + " failed: " + e, e);
        }
    }

    /// The version, such as `13.1`.
    String version() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment major = arena.allocate(ValueLayout.JAVA_INT);
            MemorySegment minor = arena.allocate(ValueLayout.JAVA_INT);
            call("nvrtcVersion", major, minor);
            return major.get(ValueLayout.JAVA_INT, 0) + "." + minor.get(ValueLayout.JAVA_INT, 0);
        }
    }

    /// Machine code for an architecture such as `sm_90`, with the options that TornadoVM gives: none.
    byte[] compile(String source, String architecture) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment handle = arena.allocate(POINTER);
            MemorySegment none = MemorySegment.NULL;
            call(
                    "nvrtcCreateProgram",
                    handle,
                    arena.allocateFrom(source),
                    arena.allocateFrom("kernel.cu"),
                    0,
                    none,
                    none);
            MemorySegment program = handle.get(POINTER, 0);
            MemorySegment options = arena.allocate(POINTER);
            options.set(POINTER, 0, arena.allocateFrom("--gpu-architecture=" + architecture));
            if (call("nvrtcCompileProgram", program, 1, options) != 0) {
                byte[] log = text(arena, program, "nvrtcGetProgramLogSize", "nvrtcGetProgramLog");
                throw new IllegalArgumentException(new String(log, java.nio.charset.StandardCharsets.UTF_8));
            }
            byte[] code = text(arena, program, "nvrtcGetCUBINSize", "nvrtcGetCUBIN");
            call("nvrtcDestroyProgram", handle);
            return code;
        }
    }

    private byte[] text(Arena arena, MemorySegment program, String size, String get) {
        MemorySegment bytes = arena.allocate(ValueLayout.JAVA_LONG);
        call(size, program, bytes);
        MemorySegment text = arena.allocate(Math.max(1, bytes.get(ValueLayout.JAVA_LONG, 0)));
        call(get, program, text);
        return text.toArray(ValueLayout.JAVA_BYTE);
    }
}

package org.jmoco.nn.data.image;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/// The system's libjpeg-turbo through its TurboJPEG API (version 2), by the foreign function interface.
///
/// The defaults of `tjDecompress2` are those of Pillow: accurate integer DCT and smooth chroma upsampling.
final class TurboJpeg {
    private static final String[] LIBRARIES = {"libturbojpeg.so.0", "libturbojpeg.so", "libturbojpeg.dylib"};
    private static final int TJPF_RGB = 0;

    private final String library;
    private final MethodHandle init;
    private final MethodHandle decompress;
    private final MethodHandle destroy;

    private TurboJpeg(String library, SymbolLookup symbols) {
        this.library = library;
        Linker linker = Linker.nativeLinker();
        init = linker.downcallHandle(symbols.findOrThrow("tjInitDecompress"), FunctionDescriptor.of(ADDRESS));
        // C's unsigned long is JAVA_LONG on every system whose library names are listed above.
        decompress =
                linker.downcallHandle(
                        symbols.findOrThrow("tjDecompress2"),
                        FunctionDescriptor.of(
                                JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT,
                                JAVA_INT));
        destroy = linker.downcallHandle(symbols.findOrThrow("tjDestroy"), FunctionDescriptor.of(JAVA_INT, ADDRESS));
    }

    /// The library at a path, or where the system's loader finds it if the path is null.
    static Optional<TurboJpeg> find(String path) {
        for (String name : path == null ? LIBRARIES : new String[] {path}) {
            try {
                return Optional.of(new TurboJpeg(name, SymbolLookup.libraryLookup(name, Arena.global())));
            } catch (IllegalArgumentException | java.util.NoSuchElementException e) {
                System.getLogger(TurboJpeg.class.getName())
                        .log(System.Logger.Level.DEBUG, () -> name + ": " + e.getMessage());
            }
        }
        return Optional.empty();
    }

    String library() {
        return library;
    }

    /// The pixels, or nothing if the library reports an error or a warning.
    Optional<RgbImage> decode(byte[] file, JpegHeader header) {
        int width = header.width();
        int height = header.height();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocate(file.length);
            MemorySegment.copy(file, 0, data, JAVA_BYTE, 0, file.length);
            MemorySegment pixels = arena.allocate(3L * width * height);
            MemorySegment handle = (MemorySegment) init.invokeExact();
            if (handle.address() == 0) {
                return Optional.empty();
            }
            int status;
            try {
                status =
                        (int)
                                decompress.invokeExact(
                                        handle, data, (long) file.length, pixels, width, 3 * width, height, TJPF_RGB, 0);
            } finally {
                int ignored = (int) destroy.invokeExact(handle);
            }
            return status == 0
                    ? Optional.of(new RgbImage(width, height, pixels.toArray(JAVA_BYTE)))
                    : Optional.empty();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(library + ": the call failed", e);
        }
    }
}

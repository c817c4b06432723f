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

    /// Not a confined arena for each picture: where one was ever touched, every access of a matrix kernel that is
    /// compiled later looks whose memory it is.
    private static final ThreadLocal<MemorySegment> KEPT = new ThreadLocal<>();

    /// What a thread keeps at most; larger pictures get memory of their own.
    private static final long KEPT_BYTES = 16 << 20;

    private final String library;
    private final MethodHandle init;
    private final MethodHandle decompress;
    private final MethodHandle destroy;

    private TurboJpeg(String library, SymbolLookup symbols) {
        this.library = library;
        Linker linker = Linker.nativeLinker();
        init = linker.downcallHandle(symbols.findOrThrow("tjInitDecompress"), FunctionDescriptor.of(ADDRESS));
        // C's unsigned long is JAVA_LONG on every system whose library names are listed above.
        decompress = linker.downcallHandle(
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
    Optional<RgbImage> decode(byte[] given, JpegHeader header) {
        byte[] file = header.closed(given);
        long bytes = file.length + 3L * header.width() * header.height();
        if (bytes <= KEPT_BYTES) {
            return decode(file, header, kept(bytes));
        }
        try (Arena arena = Arena.ofShared()) {
            return decode(file, header, arena.allocate(bytes));
        }
    }

    /// Memory of the current thread, kept from picture to picture.
    private static MemorySegment kept(long bytes) {
        MemorySegment kept = KEPT.get();
        if (kept == null || kept.byteSize() < bytes) {
            kept = Arena.ofAuto().allocate(Math.min(KEPT_BYTES, bytes + bytes / 2));
            KEPT.set(kept);
        }
        return kept;
    }

    private Optional<RgbImage> decode(byte[] file, JpegHeader header, MemorySegment memory) {
        int width = header.width();
        int height = header.height();
        MemorySegment data = memory.asSlice(0, file.length);
        MemorySegment pixels = memory.asSlice(file.length, 3L * width * height);
        MemorySegment.copy(file, 0, data, JAVA_BYTE, 0, file.length);
        try {
            MemorySegment handle = (MemorySegment) init.invokeExact();
            if (handle.address() == 0) {
                return Optional.empty();
            }
            int status;
            try {
                status = (int) decompress.invokeExact(
                        handle, data, (long) file.length, pixels, width, 3 * width, height, TJPF_RGB, 0);
            } finally {
                int ignored = (int) destroy.invokeExact(handle);
            }
            return status == 0 ? Optional.of(new RgbImage(width, height, pixels.toArray(JAVA_BYTE))) : Optional.empty();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(library + ": the call failed", e);
        }
    }
}

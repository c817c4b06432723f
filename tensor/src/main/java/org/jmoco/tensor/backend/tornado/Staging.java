package org.jmoco.tensor.backend.tornado;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.jmoco.tensor.DType;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task5;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/// Moves values between host memory and the arenas, by way of small arrays that cross whole: TornadoVM cannot send
/// a part of an array.
final class Staging {
    /// Elements of the staging arrays: for scalars and labels, for images, for parameters. Each that is used costs
    /// the compilation of a kernel.
    private static final int[] SIZES = {1_024, 1 << 15, 1 << 20};

    /// Parts that something is sent in rather than in a larger array that would be mostly empty.
    private static final long MOST_PARTS = 8;

    private final Launcher launcher;
    private final FloatArray[] floats = new FloatArray[SIZES.length];
    private final IntArray[] ints = new IntArray[SIZES.length];

    Staging(Launcher launcher) {
        this.launcher = launcher;
    }

    void upload(float[] values, int offset) {
        upload(DType.F32, MemorySegment.ofArray(values), offset);
    }

    /// Sends all of `host` to the arena of its type.
    ///
    /// @param offset where the values begin in `mem` or `ints`
    void upload(DType dtype, MemorySegment host, int offset) {
        long perSlot = dtype == DType.U8 ? 4 : 1; // elements in one element of the staging array
        long count = host.byteSize() / dtype.bytes();
        for (long done = 0; done < count; ) {
            int size = size((count - done + perSlot - 1) / perSlot);
            int n = (int) Math.min(count - done, size * perSlot);
            MemorySegment stage =
                    dtype == DType.F32 ? floats(size).getSegment() : ints(size).getSegment();
            MemorySegment.copy(host, done * dtype.bytes(), stage, 0, (long) n * dtype.bytes());
            launcher.execute(uploader(dtype, size), Grid.threads(n), Math.toIntExact(offset + done), n);
            done += n;
            launcher.sent(stage.byteSize());
        }
    }

    /// Fills all of `host` from the first arena of its type.
    void download(DType dtype, int offset, MemorySegment host) {
        download(dtype, 0, offset, host);
    }

    /// Fills all of `host` from an arena of its type.
    void download(DType dtype, int arena, int offset, MemorySegment host) {
        long count = host.byteSize() / dtype.bytes();
        for (long done = 0; done < count; ) {
            int size = size(count - done);
            int n = (int) Math.min(count - done, size);
            launcher.execute(downloader(dtype, arena, size), Grid.threads(n), Math.toIntExact(offset + done), n);
            MemorySegment stage =
                    dtype == DType.F32 ? floats(size).getSegment() : ints(size).getSegment();
            if (dtype == DType.U8) {
                for (int i = 0; i < n; i++) {
                    host.set(ValueLayout.JAVA_BYTE, done + i, (byte) stage.getAtIndex(ValueLayout.JAVA_INT, i));
                }
            } else {
                MemorySegment.copy(stage, 0, host, done * dtype.bytes(), (long) n * dtype.bytes());
            }
            done += n;
            launcher.received(stage.byteSize());
        }
    }

    /// The smallest that holds them all in a few parts.
    private static int size(long slots) {
        int k = 0;
        while (k < SIZES.length - 1 && slots > SIZES[k] * MOST_PARTS) {
            k++;
        }
        return SIZES[k];
    }

    private FloatArray floats(int size) {
        int k = Arrays.binarySearch(SIZES, size);
        if (floats[k] == null) {
            floats[k] = new FloatArray(size);
            floats[k].init(0);
        }
        return floats[k];
    }

    private IntArray ints(int size) {
        int k = Arrays.binarySearch(SIZES, size);
        if (ints[k] == null) {
            ints[k] = new IntArray(size);
            ints[k].init(0);
        }
        return ints[k];
    }

    private String uploader(DType dtype, int size) {
        String name = "transfers.upload" + dtype + "x" + size;
        if (dtype == DType.F32) {
            FloatArray stage = floats(size);
            Task5<KernelContext, FloatArray, FloatArray, IntArray, IntArray> task = Transfers::uploadFloats;
            launcher.addTransfer(
                    name,
                    stage,
                    null,
                    g -> g.task(
                            "kernel",
                            task,
                            launcher.context(),
                            stage,
                            launcher.mem(),
                            launcher.ints(),
                            launcher.argumentBlock()));
        } else {
            IntArray stage = ints(size);
            Task5<KernelContext, IntArray, FloatArray, IntArray, IntArray> task =
                    dtype == DType.I32 ? Transfers::uploadInts : Transfers::uploadBytes;
            launcher.addTransfer(
                    name,
                    stage,
                    null,
                    g -> g.task(
                            "kernel",
                            task,
                            launcher.context(),
                            stage,
                            launcher.mem(),
                            launcher.ints(),
                            launcher.argumentBlock()));
        }
        return name;
    }

    private String downloader(DType dtype, int arena, int size) {
        if (dtype == DType.F32) {
            String name = "transfers.downloadFloatsx" + size + (arena == 0 ? "" : "@" + arena);
            FloatArray stage = floats(size);
            Task5<KernelContext, FloatArray, FloatArray, IntArray, IntArray> task = Transfers::downloadFloats;
            launcher.addTransfer(
                    name,
                    null,
                    stage,
                    g -> g.task(
                            "kernel",
                            task,
                            launcher.context(),
                            launcher.arena(arena),
                            stage,
                            launcher.ints(),
                            launcher.argumentBlock()));
            return name;
        }
        String name = "transfers.downloadIntsx" + size;
        IntArray stage = ints(size);
        Task5<KernelContext, IntArray, IntArray, FloatArray, IntArray> task = Transfers::downloadInts;
        launcher.addTransfer(
                name,
                null,
                stage,
                g -> g.task(
                        "kernel",
                        task,
                        launcher.context(),
                        launcher.ints(),
                        stage,
                        launcher.mem(),
                        launcher.argumentBlock()));
        return name;
    }
}

package uk.ac.manchester.tornado.api;

/// What a kernel knows of its thread: ids, group sizes, the work-group barrier, local memory.
public class KernelContext {
    public final Integer globalIdx = null;
    public final Integer globalIdy = null;
    public final Integer globalIdz = null;
    public final Integer groupIdx = null;
    public final Integer groupIdy = null;
    public final Integer groupIdz = null;
    public final Integer localIdx = null;
    public final Integer localIdy = null;
    public final Integer localIdz = null;
    public final Integer globalGroupSizeX = null;
    public final Integer localGroupSizeX = null;

    public KernelContext() {}

    public native void localBarrier();

    public native float[] allocateFloatLocalArray(int size);

    public native int[] allocateIntLocalArray(int size);
}

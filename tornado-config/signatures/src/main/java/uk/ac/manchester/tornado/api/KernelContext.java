package uk.ac.manchester.tornado.api;

import uk.ac.manchester.tornado.api.enums.MMAShape;
import uk.ac.manchester.tornado.api.types.HalfFloat;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/// What a kernel knows of its thread: ids, group sizes, the work-group barrier, local memory; and the products of
/// fragments of matrices that a warp computes together.
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

    public native float[] mmaFragment(float v);

    public native HalfFloat[] mmaLoadA(int[] aTile, int wmmaK, int byteOffset);

    public native HalfFloat[] mmaLoadB(int[] bTile, int wmmaK, int byteOffset);

    public native float[] mmaBF16(HalfFloat[] fragA, HalfFloat[] fragB, float[] fragC, MMAShape mmaShape);

    public native void mmaStore(float[] fragD, FloatArray c, int tileRow, int tileCol, int dimN);
}

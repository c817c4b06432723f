package uk.ac.manchester.tornado.api.math;

/// Arithmetic that becomes the device's own instructions.
public class TornadoMath {
    public static native int min(int a, int b);

    public static native float min(float a, float b);

    public static native int max(int a, int b);

    public static native float max(float a, float b);

    public static native float abs(float a);

    public static native float sqrt(float a);

    public static native float exp(float a);

    public static native float log(float a);

    public static native float floor(float a);
}

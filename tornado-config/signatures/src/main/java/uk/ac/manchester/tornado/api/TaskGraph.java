package uk.ac.manchester.tornado.api;

import uk.ac.manchester.tornado.api.common.TornadoFunctions;

/// Kernels with their data movements, launched as one.
public class TaskGraph {
    public TaskGraph(String name) {}

    public native TaskGraph transferToDevice(int mode, Object... objects);

    public native TaskGraph consumeFromDevice(Object... objects);

    public native <T1, T2> TaskGraph task(String id, TornadoFunctions.Task2<T1, T2> code, T1 arg1, T2 arg2);

    public native <T1, T2, T3, T4> TaskGraph task(
            String id, TornadoFunctions.Task4<T1, T2, T3, T4> code, T1 arg1, T2 arg2, T3 arg3, T4 arg4);

    public native <T1, T2, T3, T4, T5> TaskGraph task(
            String id, TornadoFunctions.Task5<T1, T2, T3, T4, T5> code, T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5);

    public native <T1, T2, T3, T4, T5, T6, T7, T8> TaskGraph task(
            String id,
            TornadoFunctions.Task8<T1, T2, T3, T4, T5, T6, T7, T8> code,
            T1 arg1,
            T2 arg2,
            T3 arg3,
            T4 arg4,
            T5 arg5,
            T6 arg6,
            T7 arg7,
            T8 arg8);

    public native TaskGraph persistOnDevice(Object... objects);

    public native TaskGraph transferToHost(int mode, Object... objects);

    public native ImmutableTaskGraph snapshot();
}

package org.jmoco.eval.linalg;

import org.ejml.EjmlVersion;

/// Which EJML is in force. TornadoVM's launcher brings an older one of its own; the shipped jar holds ours under
/// another package so that the two do not meet.
public final class Ejml {
    private Ejml() {}

    /// Version and package, such as `0.46.1 in org.ejml`.
    public static String version() {
        return EjmlVersion.VERSION + " in " + EjmlVersion.class.getPackageName();
    }
}

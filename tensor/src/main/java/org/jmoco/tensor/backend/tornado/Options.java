package org.jmoco.tensor.backend.tornado;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Properties;

/// TornadoVM's own options, as `tornado-config/devices` has them for each driver. They act only if set before the
/// first class of TornadoVM is touched; one that the user gave stays.
final class Options {
    private static final List<String> DRIVERS = List.of("cuda", "ptx", "opencl");

    private static boolean applied;

    private Options() {}

    /// Whether this program was started on a TornadoVM SDK.
    static boolean onTornadoVm() {
        return ModuleLayer.boot().findModule("tornado.api").isPresent();
    }

    /// The driver whose options hold: the one that `TORNADOVM_DRIVER` names, else the first of CUDA, PTX, OpenCL that
    /// is there.
    static String driver() {
        String chosen = System.getenv("TORNADOVM_DRIVER");
        List<String> present = DRIVERS.stream()
                .filter(d ->
                        ModuleLayer.boot().findModule("tornado.drivers." + d).isPresent())
                .toList();
        return present.stream()
                .filter(d -> d.equals(chosen))
                .findFirst()
                .or(() -> present.stream().findFirst())
                .orElseThrow(() -> new IllegalStateException("TornadoVM runs without a driver that jmoco knows: add "
                        + "tornado.drivers.cuda, ptx or opencl with --add-modules"));
    }

    static synchronized void apply() {
        if (!applied) {
            applied = true;
            apply("common");
            apply(driver());
        }
    }

    /// A file of `tornado-config/devices`.
    static Properties resource(String name) {
        Properties values = new Properties();
        try (InputStream in = Options.class.getResourceAsStream(name + ".properties")) {
            if (in == null) {
                throw new IllegalArgumentException("there is no file tornado-config/devices/" + name + ".properties");
            }
            values.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return values;
    }

    private static void apply(String name) {
        Properties options = resource(name);
        for (String key : options.stringPropertyNames()) {
            if (System.getProperty(key) == null) {
                System.setProperty(key, options.getProperty(key));
            }
        }
    }
}

package org.jmoco.tensor.backend.tornado;

import java.util.ArrayList;
import java.util.List;

/// Takes down the launches of an op while a program is bound to a device.
public final class Launches {
    private final List<Launch> list = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private final Launcher launcher;

    Launches(Launcher launcher) {
        this.launcher = launcher;
    }

    /// Adds a launch.
    ///
    /// @param name      of the kernel, unique among all kernels: `family.method`
    /// @param kernel    a reference to a static method
    /// @param arguments the argument block, at most 64 ints
    public void launch(String name, Kernel kernel, Grid grid, int... arguments) {
        list.add(new Launch(name, kernel, grid.inGroupsOf(launcher.profile().threads()), arguments));
    }

    /// Adds a launch of a kernel whose operands may lie in several arenas.
    ///
    /// @param arenas of its operands, see [Args#arenas]; else as above
    public void launch(String name, FarKernel kernel, Grid grid, Arenas arenas, int... arguments) {
        list.add(new Launch(name, kernel, grid.inGroupsOf(launcher.profile().threads()), arenas, arguments));
    }

    /// Rows of a matrix that one launch takes in tiles of so many; more come in several launches.
    public int mostRows(int ofTile) {
        return launcher.mostGroups() * ofTile;
    }

    /// How work is cut for this device.
    public Profile profile() {
        return launcher.profile();
    }

    /// The offset in `mem` at which a kernel finds this float.
    public int constant(float value) {
        return launcher.constant(value);
    }

    /// A number that a kernel writes to `ints[0]` when what it reads makes no sense, such as a row number out of
    /// range; it must go on without touching memory out of bounds. The run then ends with an
    /// [IndexOutOfBoundsException] of this message.
    public int fault(String message) {
        faults.add(message);
        return faults.size();
    }

    /// The messages of all faults; the first is that of number 1.
    List<String> faults() {
        return List.copyOf(faults);
    }

    List<Launch> list() {
        return list;
    }
}

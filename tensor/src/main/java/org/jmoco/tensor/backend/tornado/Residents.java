package org.jmoco.tensor.backend.tornado;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import org.jmoco.tensor.VariableGroup;

/// The variables that lie on a device.
final class Residents {
    private final Map<VariableGroup, Resident> all = new WeakHashMap<>();
    private final DeviceMap map;
    private final Launcher launcher;

    Residents(DeviceMap map, Launcher launcher) {
        this.map = map;
        this.launcher = launcher;
    }

    /// A group's place on the device, which is taken if it has none.
    Resident of(VariableGroup group) {
        return all.computeIfAbsent(group, g -> {
            int offset = map.take(g.dtype(), g.size());
            List<DeviceMap.Stretch> taken = new ArrayList<>(List.of(new DeviceMap.Stretch(g.dtype(), offset)));
            map.owns(g, taken);
            return new Resident(offset, taken);
        });
    }

    Set<VariableGroup> groups() {
        return all.keySet();
    }

    /// Brings what only the device holds to the host.
    void toHost() {
        all.forEach((group, resident) -> {
            if (group.residency() == resident) {
                group.hostForWriting();
            }
        });
    }

    /// Where a group lies on the device.
    final class Resident implements VariableGroup.Residency {
        private final int offset;
        private final List<DeviceMap.Stretch> taken; // empty once it is given back
        private boolean newer;

        Resident(int offset, List<DeviceMap.Stretch> taken) {
            this.offset = offset;
            this.taken = taken;
        }

        int offset() {
            return offset;
        }

        /// Sends the group's value unless the device has it.
        void present(VariableGroup group) {
            if (group.residency() != this) {
                launcher.staging().upload(group.dtype(), group.host(), offset);
                group.residesIn(this);
                newer = false;
            }
        }

        /// A program has written the group.
        void written() {
            newer = true;
        }

        @Override
        public void toHost(VariableGroup group) {
            synchronized (launcher) { // a program of another thread may be running
                if (newer) {
                    newer = false; // first: asking the group for its memory leads here again
                    launcher.staging().download(group.dtype(), offset, group.host());
                }
            }
        }

        @Override
        public void leave(VariableGroup group) {
            synchronized (launcher) {
                newer = false;
                map.release(taken);
                all.remove(group);
            }
        }
    }
}

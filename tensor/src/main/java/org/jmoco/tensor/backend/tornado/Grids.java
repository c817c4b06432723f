package org.jmoco.tensor.backend.tornado;

import java.util.Set;
import uk.ac.manchester.tornado.api.GridScheduler;

/// The grids of all tasks of a plan.
///
/// Whenever a graph is selected TornadoVM looks, twice, whether one of these names is that of one of the graph's tasks,
/// and puts the name of every task together anew for each. With the names of all graphs that is most of what a launch
/// costs; so only one is told, of a task of the graph that is selected next.
final class Grids extends GridScheduler {
    private Set<String> names = Set.of();

    /// Says which name is told: that of a task of the graph that is about to be selected.
    void expect(String task) {
        names = Set.of(task);
    }

    /// Takes the place of TornadoVM's.
    public Set<String> keySet() {
        return names;
    }
}

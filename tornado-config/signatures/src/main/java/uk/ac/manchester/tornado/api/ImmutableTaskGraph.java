package uk.ac.manchester.tornado.api;

/// A task graph that can be put into execution plans.
public class ImmutableTaskGraph {
    ImmutableTaskGraph() {}
}

package org.jmoco.nn.train;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jmoco.tensor.jfr.FlightRecorder;

/// Steps and checkpoints of a run, as JDK Flight Recorder sees them.
final class RunEvents {
    private RunEvents() {}

    @Name("org.jmoco.Step")
    @Label("Training step")
    @Category("jmoco")
    @StackTrace(false)
    static final class StepEvent extends Event {
        @Label("Step")
        long step;

        @Label("Loss, nats")
        float loss;
    }

    @Name("org.jmoco.Checkpoint")
    @Label("Checkpoint")
    @Category("jmoco")
    @StackTrace(false)
    static final class CheckpointEvent extends Event {
        @Label("Step")
        long step;
    }

    /// What is being done now; told when it has ended.
    interface Ongoing {
        void ended(long step, float loss);
    }

    static Ongoing step() {
        if (!FlightRecorder.isPresent()) {
            return (step, loss) -> {};
        }
        StepEvent event = new StepEvent();
        event.begin();
        return (step, loss) -> {
            event.step = step;
            event.loss = loss;
            event.commit();
        };
    }

    static Ongoing checkpoint() {
        if (!FlightRecorder.isPresent()) {
            return (step, loss) -> {};
        }
        CheckpointEvent event = new CheckpointEvent();
        event.begin();
        return (step, loss) -> {
            event.step = step;
            event.commit();
        };
    }
}

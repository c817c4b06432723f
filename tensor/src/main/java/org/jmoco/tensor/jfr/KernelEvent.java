package org.jmoco.tensor.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jmoco.tensor.Node;
import org.jmoco.tensor.Shape;

/// One kernel call on the JVM backend.
@Name("org.jmoco.Kernel")
@Label("Kernel")
@Category("jmoco")
@Description("One operation of a program, computed on the JVM backend")
@StackTrace(false)
public final class KernelEvent extends Event {
    @Label("Operation")
    private String op;

    @Label("Module")
    private String module;

    @Label("Result shape")
    private String shape;

    @Label("Floating-point operations")
    private double flops;

    /// Ends the event and writes it.
    public void commit(Node node) {
        end();
        if (shouldCommit()) {
            op = node.op().name();
            module = node.scope();
            shape = node.shape().toString();
            flops = node.op()
                    .flops(node.shape(), node.inputs().stream().map(Node::shape).toArray(Shape[]::new));
            commit();
        }
    }
}

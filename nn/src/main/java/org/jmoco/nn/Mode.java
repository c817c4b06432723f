package org.jmoco.nn;

/// Whether a network is being trained or used. A traced program is one or the other, so the mode is an argument of [Module#forward], not a switch inside the module: one encoder can be read
/// in evaluation mode by one program while another one trains it.
public sealed interface Mode {
    record Evaluate() implements Mode {}
}

package org.jmoco.tensor.backend.tornado;

import java.util.List;
import org.jmoco.tensor.Node;

/// One launch of a program, to be looked at.
///
/// @param node      the op that it computes, or helps to compute
/// @param kernel    the name it is launched under
/// @param type      the class of the kernel's method
/// @param method    its name
/// @param arguments the argument block
/// @param generated what TornadoVM has made of it, in the language of the device's driver
public record KernelCall(
        Node node, String kernel, String type, String method, Grid grid, List<Integer> arguments, String generated) {}

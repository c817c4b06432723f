package org.jmoco.tensor.plan;

/// What memory a program needs, in bytes, known before it runs.
///
/// @param state         variables the program touches, shared with other programs
/// @param activations   the arena for values between inputs and outputs; programs of a device share one, as large
///     as the largest needs
/// @param inputsOutputs what is fed and read
/// @param workspace     what kernels need besides: packed operands
/// @param runtime       what the process needs for itself, whatever the program: an allowance, found by measurement
public record MemoryUse(long state, long activations, long inputsOutputs, long workspace, long runtime) {
    /// What a plan says, and what its backend adds to it.
    public static MemoryUse of(Plan plan, long workspace, long runtime) {
        return new MemoryUse(plan.stateBytes(), plan.activationBytes(), plan.inputOutputBytes(), workspace, runtime);
    }

    /// The most that a process needs which runs this program and nothing else.
    public long total() {
        return state + activations + inputsOutputs + workspace + runtime;
    }
}

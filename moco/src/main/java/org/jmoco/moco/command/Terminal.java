package org.jmoco.moco.command;

import java.io.Console;
import org.jmoco.moco.run.Progress;

/// Where people read along: the error stream, so that the output stream has results only.
public final class Terminal {
    private Terminal() {}

    /// A line that is rewritten if someone watches, else a plain line now and then.
    public static Progress progress() {
        Console console = System.console();
        return new Progress(System.err, console != null && console.isTerminal());
    }
}

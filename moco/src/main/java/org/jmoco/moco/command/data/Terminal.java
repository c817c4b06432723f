package org.jmoco.moco.command.data;

import org.jmoco.moco.run.Progress;

/// The progress line of these commands: on stderr, so that stdout holds results alone.
final class Terminal {
    private Terminal() {}

    static Progress progress() {
        return new Progress(System.err, System.console() != null && System.console().isTerminal());
    }
}

package org.jmoco.moco;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StandardOutputTest {
    /// The exit code and what is said, of a command that ended with a code after printing to a file that fails.
    private static String ended(int code, String reason) {
        StandardOutput output = new StandardOutput(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                if (!reason.isEmpty()) {
                    throw new IOException(reason);
                }
            }
        });
        new PrintStream(output, true, StandardCharsets.UTF_8).println("a table");
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        int exit = output.exitCode(code, new PrintStream(said, true, StandardCharsets.UTF_8));
        return exit + " " + said.toString(StandardCharsets.UTF_8).strip();
    }

    @Test
    void aCommandFailsWhoseOutputDidNotArrive() {
        assertEquals("0 ", ended(0, ""));
        assertEquals(
                "1 jmoco: standard output cannot be written: No space left on device",
                ended(0, "No space left on device"));
        assertEquals("141 ", ended(0, "Broken pipe"));
        assertEquals("2 ", ended(2, "No space left on device"));
    }
}

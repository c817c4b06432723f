package org.jmoco.moco;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;

/// Standard output that remembers when it could not be written: `System.out` swallows that, and a command would end
/// well whose table or configuration nobody got.
final class StandardOutput extends FilterOutputStream {
    private static final int BROKEN_PIPE = 141; // as a shell counts a program that SIGPIPE ended

    private IOException failure;

    StandardOutput(OutputStream out) {
        super(out);
    }

    /// Takes the place of `System.out`.
    static StandardOutput install() {
        StandardOutput output = new StandardOutput(new FileOutputStream(FileDescriptor.out));
        System.setOut(new PrintStream(output, false, System.out.charset()));
        return output;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            failure = failure == null ? e : failure;
            throw e;
        }
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    /// The exit code of a command, which fails if its output did not arrive. A reader that has seen enough, as in
    /// `jmoco --help | head`, is no reason to say anything.
    ///
    /// @param code of the command itself
    int exitCode(int code, PrintStream err) {
        System.out.flush();
        if (code != 0 || failure == null) {
            return code;
        }
        String why = String.valueOf(failure.getMessage());
        if (why.contains("Broken pipe")) {
            return BROKEN_PIPE;
        }
        err.println("jmoco: standard output cannot be written: " + why);
        return 1;
    }
}

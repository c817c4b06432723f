package org.jmoco.nn.train;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/// A run that cannot start or go on. The message is one line: what is wrong, where, what to do.
public final class RunException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public RunException(String message) {
        super(message);
    }

    public RunException(String message, Throwable cause) {
        super(message, cause);
    }

    /// What went wrong with a file, in words: some file system exceptions carry only its name.
    public static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException a -> "permission denied";
            case FileAlreadyExistsException a -> "a file of that name is in the way";
            case NoSuchFileException a -> "no such file or folder";
            case FileSystemException f when f.getReason() != null -> f.getReason();
            default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        };
    }
}

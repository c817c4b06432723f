package org.jmoco.nn.data;

import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import org.jmoco.tensor.io.Messages;

/// A mistake in the data or its description that the user can mend. The message is one line: what is wrong, where,
/// what to do.
public class DataException extends RuntimeException {
    public DataException(String message) {
        super(Messages.printable(message));
    }

    public DataException(String message, Throwable cause) {
        super(Messages.printable(message), cause);
    }

    /// Why a file cannot be read, in words.
    public static String because(Exception e) {
        return switch (e) {
            case DirectoryIteratorException inside -> because(inside.getCause());
            case AccessDeniedException denied -> "permission denied";
            case NoSuchFileException missing -> "no such file";
            case FileSystemLoopException loop -> "links lead in a circle";
            case NotDirectoryException file -> "it is no folder";
            case CharacterCodingException coded -> "it is no UTF-8 text";
            case FileSystemException failed when failed.getReason() != null -> failed.getReason();
            case FileSystemException failed -> "the system refuses it";
            default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        };
    }
}

package org.jmoco.nn.data.image;

/// What is wrong with the bytes of an image. The decoder knows the file's name and adds it.
final class CorruptImageException extends Exception {
    CorruptImageException(String message) {
        super(message);
    }

    CorruptImageException(String message, Throwable cause) {
        super(message, cause);
    }
}

package org.jmoco.nn.data;

/// One image that cannot be used: missing, truncated, corrupt, too large or of an unsupported kind. A loader passes over a few of them.
public final class UnreadableImageException extends DataException {
    /// @param name the file, or the record in a file   @param reason what is wrong with it, without the name
    public UnreadableImageException(String name, String reason) {
        super(name + ": " + reason);
    }

    public UnreadableImageException(String name, String reason, Throwable cause) {
        super(name + ": " + reason, cause);
    }
}

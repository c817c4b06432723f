package org.jmoco.nn.data;

/// One image that cannot be used: missing, truncated, corrupt, too large or of an unsupported kind. A loader
/// passes over a few of them.
public final class UnreadableImageException extends DataException {
    private final String reason;

    /// @param name the file, or the record in a file   @param reason what is wrong with it, without the name
    public UnreadableImageException(String name, String reason) {
        super(name + ": " + reason);
        this.reason = reason;
    }

    public UnreadableImageException(String name, String reason, Throwable cause) {
        super(name + ": " + reason, cause);
        this.reason = reason;
    }

    /// What is wrong, without the name.
    public String reason() {
        return reason;
    }

    /// Whether the file ends too early, as after a download or a copy that was broken off.
    public boolean isTruncated() {
        return reason.startsWith("is truncated");
    }
}

package org.jmoco.tensor.io;

/// Text from outside in messages for people.
public final class Messages {
    private Messages() {}

    /// Text as a message of one line may have it: with `?` for what would break the line, reach a terminal as a
    /// control code, or turn the direction of what is read.
    public static String printable(String text) {
        StringBuilder printable = new StringBuilder(text.length());
        text.codePoints().forEach(c -> printable.appendCodePoint(isInvisible(c) ? '?' : c));
        return printable.toString();
    }

    private static boolean isInvisible(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}

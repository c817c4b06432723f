package org.jmoco.nn.weights.pickle;

/// The escapes of protocol 0's text strings. An escape that is not one stands for itself.
final class PickleText {
    private PickleText() {}

    /// A quoted Python 2 string such as `'a\n\x00'`.
    static String unquote(String line) {
        String s = line.strip();
        boolean quoted =
                s.length() >= 2 && (s.charAt(0) == '\'' || s.charAt(0) == '"') && s.endsWith(s.substring(0, 1));
        return unescape(quoted ? s.substring(1, s.length() - 1) : s, true);
    }

    /// Raw text with `\u1234` and `\U00012345` escapes.
    static String unescapeUnicode(String line) {
        return unescape(line, false);
    }

    private static String unescape(String s, boolean allEscapes) {
        StringBuilder out = new StringBuilder(s.length());
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            char kind = c == '\\' && i + 1 < s.length() ? s.charAt(i + 1) : 0;
            int digits = kind == 'u' ? 4 : kind == 'U' ? 8 : kind == 'x' && allEscapes ? 2 : 0;
            int code = digits == 0 ? -1 : hex(s, i + 2, digits);
            if (code >= 0) {
                out.appendCodePoint(code);
                i += 1 + digits;
            } else if (allEscapes && "\\'\"nrt".indexOf(kind) >= 0) {
                out.append(kind == 'n' ? '\n' : kind == 'r' ? '\r' : kind == 't' ? '\t' : kind);
                i++;
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    /// The code point at `from`, or −1 if there is none.
    private static int hex(String s, int from, int digits) {
        if (from + digits > s.length()) {
            return -1;
        }
        int value = 0;
        for (int i = from; i < from + digits; i++) {
            int digit = Character.digit(s.charAt(i), 16);
            if (digit < 0 || value > 0xfff_ffff) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return Character.isValidCodePoint(value) ? value : -1;
    }
}

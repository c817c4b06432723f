package org.jmoco.moco;

import java.util.Collection;
import java.util.List;

/// The names that somebody who mistyped one may have meant.
final class NearNames {
    /// Of so many letters one may be wrong.
    private static final int LETTERS_A_MISTAKE = 3;

    private NearNames() {}

    /// Those with the fewest mistakes between them and a word, if these are few; a name's beginning is one mistake.
    static List<String> of(String word, Collection<String> names) {
        int most = Math.max(1, word.length() / LETTERS_A_MISTAKE);
        int least = names.stream().mapToInt(n -> mistakes(word, n)).min().orElse(most + 1);
        return least > most
                ? List.of()
                : names.stream()
                        .filter(n -> mistakes(word, n) == least)
                        .sorted()
                        .toList();
    }

    /// Letters that are missing, too many, others, or that changed places with their neighbours.
    private static int mistakes(String word, String name) {
        if (name.startsWith(word)) {
            return name.equals(word) ? 0 : 1;
        }
        int[][] d = new int[word.length() + 1][name.length() + 1];
        for (int i = 0; i <= word.length(); i++) {
            for (int j = 0; j <= name.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int same = word.charAt(i - 1) == name.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(d[i - 1][j - 1] + same, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
                if (i > 1
                        && j > 1
                        && word.charAt(i - 1) == name.charAt(j - 2)
                        && word.charAt(i - 2) == name.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[word.length()][name.length()];
    }
}

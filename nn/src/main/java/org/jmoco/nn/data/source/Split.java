package org.jmoco.nn.data.source;

/// Which part of a data set.
public enum Split {
    /// What is trained on.
    TRAIN("train"),
    /// What is held out: the test or validation images.
    TEST("test");

    private final String word;

    Split(String word) {
        this.word = word;
    }

    /// `train` or `test`.
    @Override
    public String toString() {
        return word;
    }
}

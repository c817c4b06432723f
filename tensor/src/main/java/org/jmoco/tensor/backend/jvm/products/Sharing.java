package org.jmoco.tensor.backend.jvm.products;

/// How the tiles of a product are handed out: in equal shares, of blocks of rows with all panels or of panels with all
/// blocks. A task is one block of a share. The last block of each is cut by its panels into pieces, so that a thread
/// that has finished its own share finds something small to help with.
///
/// @param blocks blocks of rows, a multiple of `shares` unless they share panels
/// @param panels panels of columns, at least `shares` if they share them
/// @param ofPanels whether a share is some panels, not some blocks
record Sharing(int blocks, int panels, int shares, boolean ofPanels) {
    private static final int PIECES = 4;

    /// @param blocks how many blocks of rows there should be
    static Sharing ofBlocks(int blocks, int panels, int shares) {
        return new Sharing(Math.ceilDiv(blocks, shares) * shares, panels, shares, false);
    }

    /// @param shares how many there should be
    static Sharing ofPanels(int blocks, int panels, int shares) {
        return new Sharing(blocks, panels, Math.min(panels, shares), true);
    }

    /// How many tasks there are. Neighbours are of the same share.
    int tasks() {
        return shares * tasksOfShare();
    }

    private int tasksOfShare() {
        return blocksOfShare() - 1 + pieces();
    }

    private int blocksOfShare() {
        return ofPanels ? blocks : blocks / shares;
    }

    private int pieces() {
        return shares == 1 ? 1 : Math.min(PIECES, ofPanels ? panels / shares : panels);
    }

    /// The block of rows that a task works on.
    int block(int task) {
        int block = Math.min(task % tasksOfShare(), blocksOfShare() - 1);
        return ofPanels ? block : task / tasksOfShare() * blocksOfShare() + block;
    }

    /// The first of its panels.
    int firstPanel(int task) {
        return panel(task, Math.max(0, piece(task)));
    }

    /// The end of its panels.
    int endPanel(int task) {
        return panel(task, piece(task) < 0 ? pieces() : piece(task) + 1);
    }

    /// Which piece of the last block of its share a task is, negative if it is another block.
    private int piece(int task) {
        return task % tasksOfShare() - (blocksOfShare() - 1);
    }

    private int panel(int task, int piece) {
        int share = task / tasksOfShare();
        int first = ofPanels ? panels * share / shares : 0;
        int end = ofPanels ? panels * (share + 1) / shares : panels;
        return first + (end - first) * piece / pieces();
    }
}

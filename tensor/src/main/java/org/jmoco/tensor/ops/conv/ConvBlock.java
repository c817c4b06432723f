package org.jmoco.tensor.ops.conv;

/// The extents of a convolution at the end of an argument block, in the order of the constants below.
final class ConvBlock {
    /// Where they begin.
    static final int FIRST = 4;

    static final int H = FIRST;
    static final int W = FIRST + 1;
    static final int IN = FIRST + 2;
    static final int KH = FIRST + 3;
    static final int KW = FIRST + 4;
    static final int OUT = FIRST + 5;
    static final int OH = FIRST + 6;
    static final int OW = FIRST + 7;
    static final int STRIDE_H = FIRST + 8;
    static final int STRIDE_W = FIRST + 9;
    static final int PADDING_H = FIRST + 10;
    static final int PADDING_W = FIRST + 11;
    static final int DILATION_H = FIRST + 12;
    static final int DILATION_W = FIRST + 13;
    /// Input channels of a group.
    static final int GROUP_IN = FIRST + 14;
    /// Output channels of a group.
    static final int GROUP_OUT = FIRST + 15;
    /// Images.
    static final int N = FIRST + 16;
    /// Products of a result that one work-group adds up.
    static final int SPLIT = FIRST + 17;
    static final int GROUPS = FIRST + 18;

    private ConvBlock() {}

    /// The same for some of the images.
    ///
    /// @param first   the number of the first one   @param count how many
    /// @param operand floats of an image in the first operand   @param result floats of one in the result
    static int[] images(int[] block, int first, int count, int operand, int result) {
        int[] some = block.clone();
        some[0] += first * operand;
        some[2] += first * result;
        some[N] = count;
        return some;
    }

    static int[] of(ConvShape s, int split, int first, int second, int third) {
        return new int[] {
            first,
            second,
            third,
            -1,
            s.h(),
            s.w(),
            s.in(),
            s.kh(),
            s.kw(),
            s.out(),
            s.oh(),
            s.ow(),
            s.strideH(),
            s.strideW(),
            s.paddingH(),
            s.paddingW(),
            s.dilationH(),
            s.dilationW(),
            s.groupIn(),
            s.groupOut(),
            s.n(),
            split,
            s.groups()
        };
    }
}

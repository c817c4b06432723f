package org.jmoco.moco.command;

import org.jmoco.nn.data.loader.LoaderOptions;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// A number of things on the command line, at least 1.
public class Count implements ITypeConverter<Integer> {
    private final int least;
    private final int most;

    public Count() {
        this(1, Integer.MAX_VALUE);
    }

    private Count(int least, int most) {
        this.least = least;
        this.most = most;
    }

    /// A number that may be 0.
    public static final class OrNone extends Count {
        public OrNone() {
            super(0, Integer.MAX_VALUE);
        }
    }

    /// A number of threads: more than a thousand are a slip, and some systems fall over them.
    public static final class OfThreads extends Count {
        public OfThreads() {
            super(1, LoaderOptions.MOST_THREADS);
        }
    }

    @Override
    public Integer convert(String text) {
        if (text.matches("\\d{1,18}") && Long.parseLong(text) >= least && Long.parseLong(text) <= most) {
            return Integer.valueOf(text);
        }
        throw new TypeConversionException("'" + text + "' is no whole number from " + least + " "
                + (most == Integer.MAX_VALUE ? "on" : "to " + most));
    }
}

package org.jmoco.nn.data;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/// A look at very many files, of a folder or in archives, before anything else can begin. From two seconds on somebody
/// is told how far it is: nobody, unless a program says who.
///
/// ```java
/// try (LongLook look = LongLook.at("data/train.tar: reading its headers", 138_000_000_000L)) {
///     look.found(1, 110_000);
/// }
/// ```
public final class LongLook implements AutoCloseable {
    /// Who is told.
    public interface Listener {
        /// @param line what is looked at and how far, such as `data/train: listing, 81,000 files so far`
        void told(String line);

        /// The look is over, of which something was told.
        void over();
    }

    private static final Listener NOBODY = new Listener() {
        @Override
        public void told(String line) {}

        @Override
        public void over() {}
    };
    private static final long PATIENCE_NANOS = 2_000_000_000L;

    /// So often is something told in as long a time as it takes until something is told: to write a line for each of
    /// a million files would take longer than to look at them.
    private static final int TELLINGS = 20;

    private static volatile Listener listener = NOBODY;

    private final String what;
    private final long bytes;
    private final long patience;
    private final AtomicLong next;
    private final long start = System.nanoTime();
    private final LongAdder files = new LongAdder();
    private final LongAdder seen = new LongAdder();
    private final AtomicBoolean told = new AtomicBoolean();

    /// @param patience in nanoseconds
    LongLook(String what, long bytes, long patience) {
        this.what = what;
        this.bytes = bytes;
        this.patience = patience;
        next = new AtomicLong(patience);
    }

    /// Says who is told of long looks from now on, in the whole program.
    public static void tell(Listener who) {
        listener = who;
    }

    /// Says that nobody is told any more.
    public static void tellNobody() {
        listener = NOBODY;
    }

    /// Begins one.
    ///
    /// @param what  is looked at, in words   @param bytes in all; 0 if that is not known
    public static LongLook at(String what, long bytes) {
        return new LongLook(what, bytes, PATIENCE_NANOS);
    }

    /// Counts on; by many threads at once.
    ///
    /// @param more files   @param length of them, in bytes
    public void found(long more, long length) {
        files.add(more);
        seen.add(length);
        long since = System.nanoTime() - start;
        long due = next.get();
        if (since >= due && next.compareAndSet(due, since + patience / TELLINGS)) {
            told.set(true);
            listener.told(toString());
        }
    }

    /// What is told.
    @Override
    public String toString() {
        String far = bytes > 0 ? String.format(Locale.ROOT, ", %d %%", Math.min(100, 100 * seen.sum() / bytes)) : "";
        return String.format(Locale.ROOT, "%s, %,d files so far%s", what, files.sum(), far);
    }

    @Override
    public void close() {
        if (told.get()) {
            listener.over();
        }
    }
}

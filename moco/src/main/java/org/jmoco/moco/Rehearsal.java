package org.jmoco.moco;

/// What a start runs through, for the JVM to learn it by heart: it keeps the classes that were loaded meanwhile, and
/// `./jmoco` hands them to later starts (`-XX:AOTCacheOutput`, `-XX:AOTCache`; JEP 514).
final class Rehearsal {
    private static final String[][] HELP = {{"--help"}, {"pretrain", "--help"}};
    private static final String[][] WORK = {{"knn", "--weights", "bundled", "--data", "sample", "--limit", "20"}};

    private Rehearsal() {}

    /// @param args `help`, if only help will be asked for
    public static void main(String[] args) {
        StandardOutput.install();
        for (String[] command : args.length > 0 ? HELP : WORK) {
            if (Main.run(command) != 0) {
                System.exit(1);
            }
        }
        System.exit(0); // as a command ends, with threads that wait for work
    }
}

package org.jmoco.moco;

/// The `jmoco` command line.
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.out.println("jmoco");
    }
}

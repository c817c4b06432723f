/// The benchmark commands that start from images: `extract`, `linear`, `semi`, `evaluate`. They read options and
/// configurations, open data and encoder, call `org.jmoco.eval`, and print; the last line on stdout begins with
/// `result` and is for programs.
package org.jmoco.moco.command.eval;

/// All classification benchmarks in one run, on a data set small enough for anyone's machine.
///
/// [SuiteConfig][org.jmoco.eval.suite.SuiteConfig] says what, [Suite][org.jmoco.eval.suite.Suite] measures it for
/// an encoder and for untrained ones.
package org.jmoco.eval.suite;

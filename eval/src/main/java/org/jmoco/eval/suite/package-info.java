/// All benchmarks of a kind in one run, on a data set small enough for anyone's machine, of trained encoders
/// beside untrained ones.
///
/// [SuiteConfig][org.jmoco.eval.suite.SuiteConfig] says what of classification, and
/// [Suite][org.jmoco.eval.suite.Suite] measures it; [SceneSuiteConfig][org.jmoco.eval.suite.SceneSuiteConfig] and
/// [SceneSuite][org.jmoco.eval.suite.SceneSuite] do so with segmentation and detection of scenes.
package org.jmoco.eval.suite;

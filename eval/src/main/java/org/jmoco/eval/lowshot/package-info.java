/// Linear support vector machines on few images a class: the low-shot form of the VOC07 benchmark.
///
/// [org.jmoco.eval.lowshot.Draw] says which images are trained on, [org.jmoco.eval.lowshot.LowShotProtocol] trains
/// and tests.
package org.jmoco.eval.lowshot;

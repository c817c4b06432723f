/// Products of tall matrices by their rows, on all cores: the one kernel that the SVM solver and the
/// nearest-neighbour search are made of.
///
/// Start at [org.jmoco.eval.linalg.RowProducts]. Matrices are EJML's `DMatrixRMaj`, rows one after another.
package org.jmoco.eval.linalg;

/// Arithmetic on rows of floats: [Lanes][org.jmoco.tensor.backend.jvm.lanes.Lanes] along a row,
/// [Columns][org.jmoco.tensor.backend.jvm.lanes.Columns] where a row has one value a column. Both are plain
/// loops, which `VectorLanes` and `VectorColumns` override.
package org.jmoco.tensor.backend.jvm.lanes;

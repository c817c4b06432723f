/// The nearest-neighbour classifier: how good features are without training anything on them (protocol of MoCo's
/// CIFAR-10 demo and of MMSelfSup's `knn` table).
///
/// [KnnClassifier][org.jmoco.eval.knn.KnnClassifier] is the entry;
/// [NearestNeighbours][org.jmoco.eval.knn.NearestNeighbours] searches, [Vote][org.jmoco.eval.knn.Vote] decides,
/// [KnnReport][org.jmoco.eval.knn.KnnReport] makes a result of it.
/// [KnnBenchmark][org.jmoco.eval.knn.KnnBenchmark] is all of it, from images to a report.
package org.jmoco.eval.knn;

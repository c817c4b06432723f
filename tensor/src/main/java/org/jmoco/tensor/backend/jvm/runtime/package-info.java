/// What every kernel runs on: [threads][org.jmoco.tensor.backend.jvm.runtime.Workers], their
/// [working memory][org.jmoco.tensor.backend.jvm.runtime.Scratch], the
/// [vectors][org.jmoco.tensor.backend.jvm.runtime.Vectors] there are, and
/// [how much to work on at a time][org.jmoco.tensor.backend.jvm.runtime.Blocking].
package org.jmoco.tensor.backend.jvm.runtime;

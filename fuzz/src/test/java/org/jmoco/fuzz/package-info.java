/// Coverage-guided fuzzing of everything that reads a file (Jazzer): one class a reader.
///
/// In the default build each class reads its seeds and the inputs that once broke its reader
/// (`src/test/resources/org/jmoco/fuzz/…Inputs`); with `-Pfuzz` Jazzer goes on from there. `docs/reliability.md`
/// has the commands and what was found.
package org.jmoco.fuzz;

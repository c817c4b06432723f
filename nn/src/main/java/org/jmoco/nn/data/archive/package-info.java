/// Tar archives read in place: an archive is seen as a folder, and what is in it as files, so whoever reads data
/// sets from folders reads them from archives too. Nothing is unpacked, nothing outside the archives is read.
///
/// Read [org.jmoco.nn.data.archive.Archives] (what stands for which folder) first, then
/// [org.jmoco.nn.data.archive.TarReader] (which entries are refused) and [org.jmoco.nn.data.archive.Archive]
/// (reading one of them).
package org.jmoco.nn.data.archive;

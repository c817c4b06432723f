/// What is done with whole data sets: fetching public ones, checking them, drawing what augmentation makes of them.
///
/// Read [org.jmoco.nn.data.tool.PublicData] (what can be fetched) before [org.jmoco.nn.data.tool.Fetch], and
/// [org.jmoco.nn.data.tool.Finding] before [org.jmoco.nn.data.tool.DataCheck].
package org.jmoco.nn.data.tool;

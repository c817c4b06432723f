/// What is done with whole data sets: fetching public ones, checking them, drawing what augmentation makes of them.
///
/// Read {@link org.jmoco.nn.data.tool.PublicData} (what can be fetched) before {@link org.jmoco.nn.data.tool.Fetch}, and
/// {@link org.jmoco.nn.data.tool.Finding} before {@link org.jmoco.nn.data.tool.DataCheck}.
package org.jmoco.nn.data.tool;

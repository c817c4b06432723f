/// `jmoco data`: gets data sets, checks them, and shows what augmentation makes of them. The work is done by
/// `org.jmoco.nn.data.tool`.
package org.jmoco.moco.command.data;

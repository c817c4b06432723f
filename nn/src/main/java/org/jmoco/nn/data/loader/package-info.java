/// Batches of views, prepared in parallel, in an order that threads cannot change.
package org.jmoco.nn.data.loader;

/// What the command line's `data` commands do: fetch, check, show.
package org.jmoco.nn.data.tool;

/// `jmoco parity` and `jmoco explain`: whether two devices compute the same, and what a device runs.
package org.jmoco.moco.command.device;

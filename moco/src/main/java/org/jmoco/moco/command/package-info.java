/// The commands of `./jmoco`, one class each: they read options, call the library, print. What several of them
/// take alike is an options class of its own ([ConfigOptions][org.jmoco.moco.command.ConfigOptions],
/// [DeviceOptions][org.jmoco.moco.command.DeviceOptions]), mixed in.
package org.jmoco.moco.command;

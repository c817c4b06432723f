/// Pre-training and the command line. [Main][org.jmoco.moco.Main] names the commands in `command` and turns
/// mistakes into one line; `config` reads configurations, `pretrain` trains, `forecast` tells what a run will take,
/// `parity` compares two devices.
package org.jmoco.moco;

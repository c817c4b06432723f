/// Pre-training and the command line. [Main][org.jmoco.moco.Main] names the commands in `command` and turns
/// mistakes into one line; `config` reads configurations, `pretrain` is the training loop, `run` keeps a run's
/// folder.
package org.jmoco.moco;

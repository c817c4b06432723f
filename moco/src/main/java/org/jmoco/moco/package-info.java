/// The command line. [Main][org.jmoco.moco.Main] names the commands and turns mistakes into one line; `config` reads configurations, `run` keeps a run's folder.
package org.jmoco.moco;

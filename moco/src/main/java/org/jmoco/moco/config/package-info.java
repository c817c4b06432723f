/// Configurations: YAML files bound to typed records.
///
/// [MocoConfig] is what a pre-training run is made from, [ConfigTree] a file as it was read with the line of every
/// value, [Binder] the way from one to the other. A file states only what differs from the defaults; `--set
/// contrast.temperature=0.1`
/// overrides it; a key that does not exist is refused with the keys that do.
package org.jmoco.moco.config;

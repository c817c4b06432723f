/// A configuration looked at without training: [Trial][org.jmoco.moco.inspect.Trial] runs a few steps on made-up
/// images, [OpProfile][org.jmoco.moco.inspect.OpProfile] tells which ops take the time,
/// [Forecast][org.jmoco.moco.pretrain.Forecast] what a whole run will take.
package org.jmoco.moco.inspect;

/// A configuration looked at without training: [Trial][org.jmoco.moco.inspect.Trial] runs a few steps on made-up
/// images, [OpProfile][org.jmoco.moco.inspect.OpProfile] tells which ops take the time. What a whole run will take
/// is the matter of [Forecast][org.jmoco.moco.forecast.Forecast].
package org.jmoco.moco.inspect;

/// Random numbers inside programs. Every op reads the same [state][org.jmoco.tensor.random.RandomState] and has a
/// stream of its own: element `i` of a result comes from word `i mod 4` of the Philox block with the seed as key
/// and the counter `(i / 4, stream, step low, step high)`. So numbers depend on seed, step and stream alone.
package org.jmoco.tensor.ops.random;

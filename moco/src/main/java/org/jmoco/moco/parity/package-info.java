/// Two devices compared on the same training steps: [Parity][org.jmoco.moco.parity.Parity], and `OpSearch`, which
/// finds the first op that differs.
package org.jmoco.moco.parity;

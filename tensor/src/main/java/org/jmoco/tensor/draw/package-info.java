/// Programs as pictures: [Drawing][org.jmoco.tensor.draw.Drawing] folds a graph into boxes by module,
/// [Dot][org.jmoco.tensor.draw.Dot] and [Mermaid][org.jmoco.tensor.draw.Mermaid] write them as text that other
/// tools draw.
package org.jmoco.tensor.draw;

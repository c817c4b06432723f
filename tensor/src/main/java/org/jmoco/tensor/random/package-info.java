/// Random numbers that are functions of a seed and a position, never of what was drawn before elsewhere.
package org.jmoco.tensor.random;

package uk.ac.manchester.tornado.api.types;

/// Elements of 16 bits; in fragments of matrices, of whatever format.
public class HalfFloat {
    public HalfFloat(float halfFloat) {}
}

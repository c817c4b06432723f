package uk.ac.manchester.tornado.api.enums;

/// Rows, columns and products of a result that one instruction of a matrix unit has.
public enum MMAShape {
    M16N8K16,
    M16N8K32
}

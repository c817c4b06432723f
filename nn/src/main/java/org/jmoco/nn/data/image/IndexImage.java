package org.jmoco.nn.data.image;

/// A number from 0 to 255 for every pixel: indices of a palette, or gray.
///
/// @param indices `[height, width]`, unsigned bytes; shared, so never change them
@SuppressWarnings("ArrayRecordComponent") // a carrier of pixels, never compared
public record IndexImage(int width, int height, byte[] indices) {}

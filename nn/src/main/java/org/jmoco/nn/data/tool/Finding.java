package org.jmoco.nn.data.tool;

/// Something that [DataCheck] found about one image.
///
/// @param text the image's name, and what is the matter
public record Finding(Kind kind, String text) {
    /// What can be the matter, in the order of the report.
    public enum Kind {
        /// Cannot be decoded: corrupt, of another format, too large. Training passes over it.
        UNREADABLE("unreadable"),
        /// Cannot be decoded because the file ends too early.
        TRUNCATED("truncated"),
        /// Stored in the four colours of print, whose conversion differs between programs.
        CMYK("CMYK"),
        /// Named after another format than it has, such as a PNG called `.jpg`. It is read by its content.
        MISLABELLED("mislabelled format"),
        /// Gray of 16 bits, of whose values all above 255 become white, as in Pillow.
        CLIPPED("16-bit gray"),
        /// Has a label map that ends a run: unreadable, in colours, with a label that is no class, or of
        /// another size than the image.
        LABELS("unusable label map"),
        /// Has an annotation of objects that ends a run: broken, with a class that is none, or of an image of
        /// another size.
        ANNOTATION("unusable annotation"),
        /// Has an object whose box is empty, or reaches more than a pixel outside the image.
        BOX("box empty or outside"),
        /// Has an object whose polygons have no three corners, or whose runs have no pixel.
        MASK("empty mask"),
        /// Has no object.
        OBJECTLESS("image without objects"),
        /// Has exactly the pixels of an earlier image of the same part.
        DUPLICATE("duplicate"),
        /// A duplicate whose earlier image has another class.
        CONTRADICTION("duplicate of another class"),
        /// Has exactly the pixels of an image that is trained on: results on it mean little.
        LEAK("train/val leak");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }
}

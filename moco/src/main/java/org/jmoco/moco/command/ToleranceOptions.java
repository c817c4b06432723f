package org.jmoco.moco.command;

import java.util.Optional;
import org.jmoco.nn.data.source.DataSpec;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// On the command line, which images are decoded and how many may fail to be.
public final class ToleranceOptions {
    @Option(
            names = "--max-pixels",
            paramLabel = "N",
            converter = PixelsConverter.class,
            description = "The largest image that is decoded, in pixels. Default: 89478485, where Pillow warns.")
    private Optional<Long> maxPixels = Optional.empty();

    @Option(
            names = "--unreadable",
            paramLabel = "SHARE",
            converter = ShareConverter.class,
            description = "The share of images that may be unreadable, from 0 (none) to 1. Default: 0.01, and one "
                    + "image in any case.")
    private Optional<Double> unreadable = Optional.empty();

    static final class PixelsConverter implements ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            if (!text.matches("[1-9]\\d{0,17}")) {
                throw new TypeConversionException("must be a number of pixels from 1 on, got " + text);
            }
            return Long.valueOf(text);
        }
    }

    static final class ShareConverter implements ITypeConverter<Double> {
        @Override
        public Double convert(String text) {
            if (!text.matches("0|1|[01]?\\.\\d{1,9}") || Double.parseDouble(text) > 1) {
                throw new TypeConversionException("must be a share between 0 and 1, such as 0.05, got " + text);
            }
            return Double.valueOf(text);
        }
    }

    /// A data set with these.
    public DataSpec apply(DataSpec data) {
        return data.withTolerance(maxPixels.or(data::maxPixels), unreadable.or(data::unreadable));
    }

    /// The share of images that may be unreadable.
    public double unreadable(double otherwise) {
        return unreadable.orElse(otherwise);
    }
}

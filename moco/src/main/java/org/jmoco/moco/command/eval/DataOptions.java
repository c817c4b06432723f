package org.jmoco.moco.command.eval;

import java.util.Arrays;
import java.util.Optional;
import org.jmoco.moco.command.ToleranceOptions;
import org.jmoco.nn.data.source.DataSpec;
import org.jmoco.nn.data.source.Kind;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/// Images on the command line.
final class DataOptions {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The data set: a folder with images, a tar archive or tar shards of them, a data set in its "
                    + "published layout (CIFAR, STL-10, IDX files, VOC, ImageNet, Places205, iNaturalist 2018, Tiny "
                    + "ImageNet, pets); or the word sample for the images that come with jmoco.")
    private Optional<String> named = Optional.empty();

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            converter = KindConverter.class,
            description = "What lies there: cifar10, cifar100, stl10, idx, voc, imagenet, places205, "
                    + "inaturalist2018, ilsvrc2012, tinyimagenet, pets, webdataset or folder. Default: recognised.")
    private Optional<Kind> kind = Optional.empty();

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "Only N images of each part, spread evenly over its classes.")
    private int limit;

    @Option(names = "--workers", paramLabel = "N", description = "Threads that decode images. Default: all cores.")
    private int workers;

    @Mixin
    private ToleranceOptions tolerance;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    static final class KindConverter implements ITypeConverter<Kind> {
        @Override
        public Kind convert(String value) {
            return Kind.of(value)
                    .filter(k -> k != Kind.VIEWS)
                    .orElseThrow(() -> new TypeConversionException("must be one of "
                            + Arrays.stream(Kind.values())
                                    .filter(k -> k != Kind.VIEWS)
                                    .toList() + ", got " + value));
        }
    }

    /// Whether a data set is named.
    boolean isSaid() {
        return named.isPresent();
    }

    /// The data set, with what lists name of it.
    ///
    /// @param train a list of the training images   @param test a list of the test images
    DataSpec spec(Optional<String> train, Optional<String> test) {
        String data = named.orElseThrow(
                () -> new ParameterException(spec.commandLine(), "Missing required option: '--data=DIR'"));
        for (int count : new int[] {limit, workers}) {
            if (count < 0) {
                throw new ParameterException(
                        spec.commandLine(),
                        (limit < 0 ? "--limit" : "--workers") + " must not be negative, got " + count);
            }
        }
        DataSpec there = tolerance.apply(DataSpec.DEFAULT).withLimit(limit).withWorkers(workers);
        // What is said goes before the lists of a known layout.
        boolean sample = data.equals(Kind.SAMPLE.toString());
        DataSpec said = sample || kind.isEmpty() && train.isEmpty() ? there.at(data) : there.withPath(data);
        if (!sample && kind.isPresent()) {
            said = said.withKind(kind.get());
        }
        return said.withParts(
                train.isPresent() ? listed(train.get()) : said.train(),
                test.isPresent() ? listed(test.get()) : said.test());
    }

    private static DataSpec.Part listed(String list) {
        return new DataSpec.Part(
                Optional.empty(),
                Optional.of(DataSpec.located(list).toAbsolutePath().toString()));
    }
}

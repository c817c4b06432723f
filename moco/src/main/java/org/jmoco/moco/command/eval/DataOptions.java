package org.jmoco.moco.command.eval;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jmoco.eval.extract.DataSpec;
import org.jmoco.nn.data.source.Sources;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// Images on the command line.
final class DataOptions {
    @Option(
            names = "--data",
            required = true,
            paramLabel = "DIR",
            description = "The data set: a folder with images, CIFAR-10, IDX files, VOC, or ImageNet, Places205, "
                    + "iNaturalist 2018 with their lists; or the word sample for the images that "
                    + "come with jmoco.")
    private String data;

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            converter = KindConverter.class,
            description = "What lies there: cifar10, idx, voc or folder. Default: recognised.")
    private Optional<Sources.Kind> kind = Optional.empty();

    @Option(
            names = "--list",
            paramLabel = "FILE",
            description = "A list of images below DIR: lines 'path label' or 'path', SimCLR's subset lists, or "
                    + "iNaturalist's JSON.")
    private Optional<String> list = Optional.empty();

    @Option(names = "--limit", paramLabel = "N", description = "Only the first N images.")
    private int limit;

    @Option(names = "--workers", paramLabel = "N", description = "Threads that decode images. Default: all cores.")
    private int workers;

    static final class KindConverter implements ITypeConverter<Sources.Kind> {
        @Override
        public Sources.Kind convert(String value) {
            return Arrays.stream(Sources.Kind.values())
                    .filter(k -> k.toString().equals(value.toLowerCase(Locale.ROOT)))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException(
                            "must be one of " + Arrays.toString(Sources.Kind.values()) + ", got " + value));
        }
    }

    DataSpec spec() {
        DataSpec there = DataSpec.SAMPLE.at(data);
        boolean said = kind.isPresent() || list.isPresent();
        DataSpec.Part part = new DataSpec.Part(
                Optional.empty(), list.map(l -> Path.of(l).toAbsolutePath().toString()));
        return new DataSpec(
                data.equals("sample") ? there.kind() : kind,
                there.path(),
                said ? part : there.train(),
                said ? part : there.test(),
                0,
                limit,
                workers);
    }
}

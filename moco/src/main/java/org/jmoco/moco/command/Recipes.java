package org.jmoco.moco.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jmoco.moco.config.ConfigException;
import org.jmoco.moco.config.ConfigTree;
import org.jmoco.nn.train.Checkout;

/// The configurations in `configs/`, which also lie in the jar.
final class Recipes {
    private Recipes() {}

    /// @param name of the file, `demo.yaml`
    static ConfigTree.Mapping read(String name) {
        try (InputStream packaged = Recipes.class.getResourceAsStream("/configs/" + name)) {
            if (packaged != null) {
                return ConfigTree.parse(new String(packaged.readAllBytes(), StandardCharsets.UTF_8), name);
            }
            Path file = Checkout.folder()
                    .map(top -> top.resolve("configs").resolve(name))
                    .filter(Files::exists)
                    .orElseThrow(() -> new ConfigException("configs/" + name + " is missing"));
            return ConfigTree.read(file);
        } catch (IOException e) {
            throw new ConfigException("configs/" + name + " cannot be read: " + e.getMessage());
        }
    }
}

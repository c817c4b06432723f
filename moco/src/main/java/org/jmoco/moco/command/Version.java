package org.jmoco.moco.command;

import java.util.Optional;
import org.jmoco.moco.Main;
import picocli.CommandLine.IVersionProvider;

/// The version that the jar's manifest states; from a folder of classes there is none.
public final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {
            "jmoco "
                    + Optional.ofNullable(Main.class.getPackage().getImplementationVersion())
                            .orElse("(from classes, without a version)")
        };
    }
}

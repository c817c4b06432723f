package org.jmoco.nn.processes.mpi;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jmoco.nn.processes.ProcessesException;

/// The MPI library of this machine.
///
/// @param file    its name or path
/// @param symbols its functions and variables
/// @param abi     its binary interface
record MpiLibrary(String file, SymbolLookup symbols, MpiAbi abi) {
    /// Names a library instead of those that are looked for.
    static final String PROPERTY = "jmoco.mpi";

    /// Loads the library that fits a launcher, or the one that `-Djmoco.mpi=FILE` names.
    ///
    /// @throws ProcessesException if there is none
    static MpiLibrary find(LauncherEnvironment launcher) {
        String named = System.getProperty(PROPERTY);
        LauncherEnvironment.Family family = launcher.family();
        List<String> files = named == null ? family.files() : List.of(named);
        List<String> reasons = new ArrayList<>();
        for (String file : files) {
            Optional<MpiLibrary> library = load(file, reasons);
            if (library.isPresent()) {
                return library.get();
            }
        }
        throw new ProcessesException(
                named == null
                        ? "no MPI library was found, though " + launcher.launcher() + " has started "
                                + launcher.count() + " processes; tried " + String.join(", ", files) + ": install "
                                + family.title() + " on every host (Debian, Ubuntu: apt-get install "
                                + family.debianPackage() + "), add its folder to LD_LIBRARY_PATH, or name the file: "
                                + "JMOCO_JAVA_OPTS=-D" + PROPERTY + "=FILE"
                        : "-D" + PROPERTY + "=" + named + " is no library that can be loaded: "
                                + String.join("; ", reasons));
    }

    private static Optional<MpiLibrary> load(String file, List<String> reasons) {
        SymbolLookup symbols;
        try {
            symbols = SymbolLookup.libraryLookup(file, Arena.global());
        } catch (IllegalArgumentException e) {
            reasons.add(e.getMessage());
            return Optional.empty();
        }
        if (symbols.find("MPI_Init_thread").isEmpty()) {
            reasons.add(file + " has no function MPI_Init_thread");
            return Optional.empty();
        }
        return Optional.of(new MpiLibrary(file, symbols, MpiAbi.of(file, symbols)));
    }
}

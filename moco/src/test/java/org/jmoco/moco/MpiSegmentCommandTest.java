package org.jmoco.moco;

import static org.jmoco.moco.Miniatures.run;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jmoco.moco.Miniatures.Result;
import org.jmoco.nn.processes.mpi.Mpirun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// `jmoco segment` under a launcher: what one process writes, two write, and process 0 alone prints it.
@EnabledOnOs(OS.LINUX)
class MpiSegmentCommandTest {
    @TempDir
    private Path temp;

    private List<String> segment(Path out, String... more) {
        List<String> all = new ArrayList<>(List.of(
                "segment",
                "--config",
                "../configs/benchmarks/fcn_r18w16-d4_scenes.yaml",
                "--data",
                temp.resolve("scenes").toString(),
                "--out",
                out.toString()));
        all.addAll(List.of("--set", "recipe.ranks=2", "--set", "recipe.batch=4", "--set", "recipe.images-at-once=4"));
        all.addAll(List.of("--set", "crops.side=32", "--set", "encoder.width=4", "--set", "recipe.iterations=2"));
        all.addAll(List.of(more));
        return all;
    }

    @Test
    void twoProcessesWriteWhatOneDoes() throws Exception {
        Mpirun mpirun = Mpirun.OPEN_MPI;
        mpirun.needed();
        Result scenes = run("data", "scenes", "--out", temp.resolve("scenes"), "--train", 6, "--test", 5, "--size", 48);
        assertEquals(0, scenes.code(), scenes.toString());
        Path alone = temp.resolve("alone");
        Result one = run(segment(alone, "--untrained").toArray());
        assertEquals(0, one.code(), one.toString());
        Path shared = temp.resolve("shared");
        List<String> command = new ArrayList<>(List.of("org.jmoco.moco.Main"));
        command.addAll(segment(shared, "--untrained", "--threads", "1"));
        Mpirun.Result two = mpirun.run(2, List.of(), List.of(), command.toArray(String[]::new));
        assertEquals(0, two.code(), two.toString());
        for (String file : List.of("final.safetensors", "result.json", "items.safetensors", "config.yaml")) {
            assertArrayEquals(Files.readAllBytes(alone.resolve(file)), Files.readAllBytes(shared.resolve(file)), file);
        }
        assertEquals(
                1,
                two.output().stream().filter(line -> line.startsWith("result ")).count(),
                two.toString());
    }
}

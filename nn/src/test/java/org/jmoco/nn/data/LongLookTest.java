package org.jmoco.nn.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jmoco.nn.data.archive.TarMaker;
import org.jmoco.nn.data.source.DataSpec;
import org.jmoco.nn.data.source.Split;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LongLookTest {
    private final List<String> told = Collections.synchronizedList(new ArrayList<>());

    @TempDir
    Path root;

    @BeforeEach
    void listen() {
        LongLook.tell(new LongLook.Listener() {
            @Override
            public void told(String line) {
                told.add(line);
            }

            @Override
            public void over() {
                told.add("over");
            }
        });
    }

    @AfterEach
    void listenNoMore() {
        LongLook.tellNobody();
    }

    @Test
    void whatLastsIsToldAndItsEndToo() {
        try (LongLook look = new LongLook("x.tar: reading the headers", 10_000, -1)) {
            look.found(1, 400);
            look.found(2_000, 3_000);
        }
        try (LongLook look = new LongLook("x: listing", 0, -1)) {
            look.found(1, 0);
        }
        assertEquals(
                List.of(
                        "x.tar: reading the headers, 1 files so far, 4 %",
                        "x.tar: reading the headers, 2,001 files so far, 34 %",
                        "over",
                        "x: listing, 1 files so far",
                        "over"),
                told);
    }

    @Test
    void whatIsOverAtOnceIsNotTold() throws IOException {
        try (LongLook look = LongLook.at("x", 0)) {
            look.found(1_000_000, 0);
        }
        new TarMaker().file("a/1.png", "").file("b/2.png", "").write(root.resolve("x.tar"));
        Files.createDirectory(root.resolve("x"));
        assertEquals(2, DataSpec.of(root.resolve("x.tar")).images(Split.TRAIN).size());
        assertTrue(told.isEmpty(), told.toString());
    }
}

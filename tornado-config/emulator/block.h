// What a kernel and the driver that runs it share: the thread that is running, and the way back at a barrier.
#pragma once

struct Index {
    unsigned x, y, z;
};

struct Block {
    Index thread, index, threads, blocks;
    // Gives way to the other threads of the block; the line tells one barrier from another.
    void (*barrier)(int line);
};

package org.jmoco.tensor.io;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class MessagesTest {
    @Test
    void whatIsNotSeenIsShown() {
        assertEquals(
                "a?b?[2J?c?d?e?é😀",
                Messages.printable("a\nb" + (char) 0x1b + "[2J" + (char) 0x9b + "c" + (char) 0x2028 + "d"
                        + (char) 0x202e + "e" + (char) 0x7f + "é😀"));
    }

    @Test
    void theNameOfAFileIsNoExceptionToThat() {
        assertEquals("a?b.npy: no magic? number", new FormatException("a\nb.npy", "no magic\r number").getMessage());
    }
}

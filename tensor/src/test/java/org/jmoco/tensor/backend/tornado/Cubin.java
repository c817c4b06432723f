package org.jmoco.tensor.backend.tornado;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Machine code of an NVIDIA GPU, as NVRTC gives it out for one kernel: an ELF file.
///
/// @param name      the kernel's
/// @param registers of a thread
/// @param stack     bytes of a thread's stack frame, where registers are spilled and indexed arrays live
/// @param shared    bytes of a block's local memory
/// @param opcodes   the low 12 bits of each instruction
record Cubin(String name, int registers, int stack, int shared, List<Integer> opcodes) {
    /// Of a streaming multiprocessor of compute capability 9.0.
    private static final int REGISTERS = 65_536;
    private static final int THREADS = 2_048;
    private static final int SHARED = 228 << 10;
    private static final int RESERVED_SHARED = 1_024;
    private static final int BLOCKS = 32;
    private static final int WARP = 32;
    private static final int REGISTERS_OF_A_WARP = 256;

    private static final int INSTRUCTION = 16;
    private static final int OPCODE = 0xfff;

    /// Attributes of a kernel in the section `.nv.info`.
    private static final int REGISTER_COUNT = 0x2f;
    private static final int FRAME_SIZE = 0x11;
    private static final int HAS_WORDS = 4;

    private static final Map<Integer, String> NAMES = names();

    /// A section of the file.
    private record Section(String name, int offset, int size) {}

    static Cubin of(byte[] file) {
        ByteBuffer elf = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        Map<String, Section> sections = sections(elf);
        Section text = sections.values().stream()
                .filter(s -> s.name().startsWith(".text."))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no kernel in it"));
        String kernel = text.name().substring(".text.".length());
        Map<Integer, Integer> attributes = attributes(elf, sections.get(".nv.info"));
        Section shared = sections.get(".nv.shared." + kernel);
        List<Integer> opcodes = new ArrayList<>();
        for (int at = text.offset(); at < text.offset() + text.size(); at += INSTRUCTION) {
            opcodes.add((int) (elf.getLong(at) & OPCODE));
        }
        return new Cubin(
                kernel,
                attributes.getOrDefault(REGISTER_COUNT, 0),
                attributes.getOrDefault(FRAME_SIZE, 0),
                shared == null ? 0 : shared.size(),
                List.copyOf(opcodes));
    }

    private static Map<String, Section> sections(ByteBuffer elf) {
        int headers = (int) elf.getLong(40);
        int size = elf.getShort(58);
        int count = elf.getShort(60);
        int names = (int) elf.getLong(headers + elf.getShort(62) * size + 24);
        Map<String, Section> sections = new HashMap<>();
        for (int i = 0; i < count; i++) {
            int header = headers + i * size;
            String name = string(elf, names + elf.getInt(header));
            sections.put(name, new Section(name, (int) elf.getLong(header + 24), (int) elf.getLong(header + 32)));
        }
        return sections;
    }

    private static String string(ByteBuffer elf, int at) {
        int end = at;
        while (elf.get(end) != 0) {
            end++;
        }
        byte[] bytes = new byte[end - at];
        elf.get(at, bytes);
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    /// Each is a format, a number and a size; those of one kernel hold its symbol and the value.
    private static Map<Integer, Integer> attributes(ByteBuffer elf, Section info) {
        Map<Integer, Integer> values = new HashMap<>();
        for (int at = info.offset(); at < info.offset() + info.size(); ) {
            int format = elf.get(at);
            int size = format == HAS_WORDS ? elf.getShort(at + 2) : 0;
            if (format == HAS_WORDS && size >= 8) {
                values.merge(elf.get(at + 1) & 255, elf.getInt(at + 8), Math::max);
            }
            at += 4 + size;
        }
        return values;
    }

    /// Blocks of so many threads that a multiprocessor holds at a time.
    int blocks(int threads) {
        int warps = Math.ceilDiv(threads, WARP);
        int ofAWarp = Math.ceilDiv(registers * WARP, REGISTERS_OF_A_WARP) * REGISTERS_OF_A_WARP;
        return Math.min(
                Math.min(BLOCKS, THREADS / threads),
                Math.min(REGISTERS / (ofAWarp * warps), SHARED / (shared + RESERVED_SHARED)));
    }

    /// Instructions that read or write the stack.
    long spills() {
        return opcodes.stream()
                .map(opcode -> NAMES.getOrDefault(opcode, ""))
                .filter(name -> name.equals("LDL") || name.equals("STL"))
                .count();
    }

    /// What the instructions do with memory and where they jump, in order: `LD 12 STS 12 BAR LDS 3 FFMA 32 …`; all
    /// others count as `·`.
    String sequence() {
        StringBuilder text = new StringBuilder();
        String before = "";
        int times = 0;
        for (int i = 0; i <= opcodes.size(); i++) {
            String name = i < opcodes.size() ? NAMES.getOrDefault(opcodes.get(i), "·") : "";
            if (!name.equals(before)) {
                if (times > 0) {
                    text.append(before).append(times > 1 ? " " + times + " " : " ");
                }
                before = name;
                times = 0;
            }
            times++;
        }
        return text.toString().strip();
    }

    private static Map<Integer, String> names() {
        Map<Integer, String> names = new HashMap<>();
        put(names, "LD", 0x980, 0x381, 0x981);
        put(names, "ST", 0x985, 0x386, 0x986);
        put(names, "LDS", 0x984, 0x384);
        put(names, "STS", 0x988, 0x388);
        put(names, "LDL", 0x983, 0x383);
        put(names, "STL", 0x987, 0x387);
        put(names, "FFMA", 0x223, 0x423, 0x623, 0x823, 0xa23, 0xc23);
        put(names, "LDSM", 0x83b, 0x93b);
        put(names, "HMMA", 0x23c);
        put(names, "BAR", 0xb1d);
        put(names, "BRA", 0x947);
        put(names, "EXIT", 0x94d);
        return Map.copyOf(names);
    }

    private static void put(Map<Integer, String> names, String name, int... opcodes) {
        for (int opcode : opcodes) {
            names.put(opcode, name);
        }
    }
}

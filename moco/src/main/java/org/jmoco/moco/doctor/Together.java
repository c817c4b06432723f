package org.jmoco.moco.doctor;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jmoco.nn.processes.Cores;
import org.jmoco.nn.processes.PairSpeeds;
import org.jmoco.nn.processes.Processes;

/// What the doctor says of several processes: who they are, what is wrong with the machine of any of them, which cores
/// they may use, how fast each two exchange data.
public final class Together {
    /// More processes than that are told of by machine, not one by one.
    private static final int FEW = 8;

    /// Between machines a pair that is so much slower than the fastest one goes another way.
    private static final double SLOW = 0.25;

    private Together() {}

    /// Findings of all processes, on every process; those of a process that is alone are its own. Collective.
    ///
    /// @param own what was found on this process's machine
    public static List<Finding> examine(Processes processes, List<Finding> own) {
        if (processes.count() == 1) {
            return own;
        }
        List<Finding> findings = gathered(processes, own);
        long machines = processes.hosts().stream().distinct().count();
        findings.add(Finding.fine(
                "processes",
                processes.count() + " on " + machines + (machines == 1 ? " machine, " : " machines, ")
                        + processes.transport()));
        cores(processes, findings);
        network(processes, findings);
        return List.copyOf(findings);
    }

    /// Everything about process 0, and what is not well with others.
    private static List<Finding> gathered(Processes processes, List<Finding> own) {
        String text = own.stream()
                .map(f -> String.join("\t", f.verdict().name(), f.subject(), f.fact(), f.fix()))
                .collect(Collectors.joining("\n"));
        List<byte[]> all = processes.gather(text.getBytes(StandardCharsets.UTF_8));
        List<Finding> findings = new ArrayList<>();
        for (int p = 0; p < all.size(); p++) {
            String whose = "[" + p + " " + processes.hosts().get(p) + "] ";
            for (String line :
                    new String(all.get(p), StandardCharsets.UTF_8).lines().toList()) {
                String[] parts = line.split("\t", -1);
                Finding.Verdict verdict = Finding.Verdict.valueOf(parts[0]);
                Finding found = new Finding(verdict, parts[1], parts[2], parts[3]);
                if (p == 0) {
                    findings.add(found);
                } else if (verdict != Finding.Verdict.FINE && !findings.contains(found)) {
                    findings.add(new Finding(verdict, parts[1], whose + parts[2], parts[3]));
                }
            }
        }
        return findings;
    }

    private static void cores(Processes processes, List<Finding> findings) {
        List<Cores> cores = Cores.gather(processes);
        Map<String, List<String>> byMachine = new LinkedHashMap<>();
        for (int p = 0; p < cores.size(); p++) {
            byMachine
                    .computeIfAbsent(processes.hosts().get(p), h -> new ArrayList<>())
                    .add("process " + p + " on " + cores.get(p).allowed().cardinality());
        }
        byMachine.forEach((host, lines) -> findings.add(Finding.fine(
                "cores",
                host + ": " + String.join(", ", lines.subList(0, Math.min(FEW, lines.size())))
                        + (lines.size() > FEW ? " …" : "") + " of "
                        + cores.get(processes.hosts().indexOf(host)).launcher().cardinality())));
        for (String line : Cores.unused(processes.hosts(), cores)) {
            int colon = line.lastIndexOf(": ");
            findings.add(Finding.advice("cores", line.substring(0, colon), line.substring(colon + 2)));
        }
    }

    private static void network(Processes processes, List<Finding> findings) {
        List<String> hosts = processes.hosts();
        List<PairSpeeds.Pair> pairs = PairSpeeds.measure(processes);
        List<PairSpeeds.Pair> told = pairs;
        if (processes.count() > FEW) {
            Map<List<String>, List<PairSpeeds.Pair>> byMachines = pairs.stream()
                    .collect(Collectors.groupingBy(
                            p -> Arrays.asList(hosts.get(p.first()), hosts.get(p.second())),
                            LinkedHashMap::new,
                            Collectors.toList()));
            told = byMachines.values().stream().map(Together::slowest).toList();
        }
        for (PairSpeeds.Pair pair : told) {
            findings.add(Finding.fine("network", text(pair, hosts)));
        }
        List<PairSpeeds.Pair> between = pairs.stream()
                .filter(p -> !hosts.get(p.first()).equals(hosts.get(p.second())))
                .toList();
        if (!between.isEmpty()) {
            PairSpeeds.Pair slowest = slowest(between);
            double fastest = between.stream()
                    .mapToDouble(PairSpeeds.Pair::bytesPerSecond)
                    .max()
                    .orElseThrow();
            if (slowest.bytesPerSecond() < SLOW * fastest) {
                findings.add(Finding.advice(
                        "network",
                        "one pair is " + Math.round(fastest / slowest.bytesPerSecond())
                                + " times slower than the fastest: " + text(slowest, hosts),
                        "look which interface it goes through: with Open MPI, mpirun --mca btl_tcp_if_include "
                                + "NAME-OR-NETWORK chooses one"));
            }
        }
    }

    private static PairSpeeds.Pair slowest(List<PairSpeeds.Pair> pairs) {
        return pairs.stream()
                .min(Comparator.comparingDouble(PairSpeeds.Pair::bytesPerSecond))
                .orElseThrow();
    }

    private static String text(PairSpeeds.Pair pair, List<String> hosts) {
        return String.format(
                Locale.ROOT,
                "%d on %s – %d on %s: %.2f GB/s each way, %.0f µs",
                pair.first(),
                hosts.get(pair.first()),
                pair.second(),
                hosts.get(pair.second()),
                pair.bytesPerSecond() * 1e-9,
                pair.micros());
    }
}

"""A side of a benchmark in Python: answers the requests that org.jmoco.bench.SideMain lists. Import it first: from then on standard output carries answers only."""

import os
import sys
import time

answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)


def field(pid, name):
    """A line of /proc/PID/status, in KiB."""
    with open(f"/proc/{pid}/status") as f:
        return next((int(line.split()[1]) for line in f if line.startswith(name + ":")), 0)


def pids():
    """This process and those it has started."""
    with open(f"/proc/self/task/{os.getpid()}/children") as f:
        return [os.getpid()] + [int(p) for p in f.read().split()]


def cpu_nanos():
    total = 0
    for pid in pids():
        with open(f"/proc/{pid}/stat") as f:
            words = f.read().rsplit(")", 1)[1].split()
        total += int(words[11]) + int(words[12])
    return total * 1_000_000_000 // os.sysconf("SC_CLK_TCK")


def warm_up(run, seconds):
    best = float("inf")
    end, runs, cpu = time.perf_counter() + seconds, 0, cpu_nanos()
    while runs < 2 or time.perf_counter() < end or cpu_nanos() - cpu < seconds * 1e9:
        start = time.perf_counter_ns()
        run()
        best = min(best, time.perf_counter_ns() - start)
        runs += 1
    return best


def timed(run, runs):
    begin = cpu_nanos()
    for _ in range(runs // 4):
        run()  # not timed: the other side has left its own numbers in the caches
    cpu, start = cpu_nanos(), time.perf_counter_ns()
    for _ in range(runs):
        run()
    return f"took {time.perf_counter_ns() - start} {cpu_nanos() - cpu} {cpu_nanos() - begin}"


def serve(run, check, at_start):
    """Answers until the input ends.

    run       does the work once
    check     the results to compare, part by part, each some numbers
    at_start  KiB that the process had before it loaded anything
    """
    at_ready = field("self", "VmRSS")
    answers.write("ready\n")
    answers.flush()
    for line in sys.stdin:
        words = line.split()
        if words[0] == "check":
            answer = "values " + " / ".join(" ".join(str(v) for v in part) for part in check())
        elif words[0] == "warm-up":
            answer = f"took {warm_up(run, float(words[2]))}"
        elif words[0] == "round":
            answer = timed(run, int(words[2]))
        elif words[0] == "memory":
            # Of processes it has started what is their own counts; the rest is shared.
            own = sum(field(p, "RssAnon") for p in pids()[1:])
            answer = f"kib {field('self', 'VmHWM') + own} {at_start} {at_ready}"
        elif words[0] == "remark":
            answer = "remark"
        else:
            answer = "unknown request " + line
        answers.write(answer + "\n")
        answers.flush()

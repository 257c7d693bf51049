"""Bundles and trees of many certificates: how fast, and how memory grows. Part of compare.py, which runs it.

Certificates come from examples/certificates.rs: P-256 and RSA-2048 mixed, in keys and in signatures. Rates are
certificates a second by the wall clock. "1 core" is a run through `taskset -c 0`.
"""

import shlex
import statistics
import subprocess
import sys
from pathlib import Path

OURS, STOREUTL, X509, CERTTOOL = "certmint", "openssl storeutl", "openssl x509", "certtool"
NEW, OLD = "cfssl 1.6.5", "cfssl 1.2.0"
TWICE = "bundle, twice at once"
BEGIN, END = "<!-- bundles: written by make bench -->", "<!-- end of bundles -->"

# How many certificates, and how many rounds.
SIZES = {1_000: 7, 10_000: 7, 100_000: 5}
# What takes most of a minute is run less often.
FEW_ROUNDS = {NEW: 2, OLD: 2, X509: 2, CERTTOOL: 3, STOREUTL: 3}
# What a peer is not asked for: it takes minutes, or all memory.
MOST = {CERTTOOL: 10_000, NEW: 1_000, OLD: 1_000, X509: 1_000}
# Exit codes that say how an audit ended, not that it failed: findings, an end that is near, an end.
AUDIT_CODES = (0, 3, 4, 5)

LEAST_RATIO = 10.0     # rate of certinfo on one core to that of openssl storeutl on one core
LEAST_BOTH = 19.0      # rate of certinfo on two cores to that of openssl storeutl: nearly twice as much again
LEAST_SHARE = 0.9      # of what the machine's second core adds, see `twice`
MOST_PEAK = 8.0        # MiB of certinfo on a bundle of any length
LEAST_AUDIT = 10_000   # certificates a second on two cores
MOST_SLOPE = 4.0       # KiB of audit for one certificate more


class Run:
    """One line of the tables: a job done by a tool on one core or on all."""

    def __init__(self, job, tool, command, one_core=True, codes=(0,)):
        self.job, self.tool, self.one_core, self.codes = job, tool, one_core, codes
        self.command = (["taskset", "-c", "0"] if one_core else []) + command
        self.samples = {}
        # How many times the certificates are described.
        self.times = 1

    def median(self, size, column):
        return statistics.median(sample[column] for sample in self.samples[size])

    def rate(self, size):
        return self.times * size / self.median(size, 0) * 1e3

    def slope(self, column):
        """What one certificate more costs, between the two largest sizes."""
        smaller, larger = sorted(self.samples)[-2:]
        return (self.median(larger, column) - self.median(smaller, column)) / (larger - smaller)


def runs(ours, theirs, size):
    """What is run on `size/bundle.pem` and on the files below `size/tree`."""
    cfssl, bundle, tree = str(ours / "cfssl"), f"{size}/bundle.pem", f"{size}/tree"

    def each(command):
        return ["/bin/sh", "-c", f"find {tree} -type f | while read -r file; do {command} \"$file\" || exit 1; done"]

    def twice(command):
        """The same on each of two cores at once: what a second core adds on this machine at best, for the two may share
        caches, memory, and one core's arithmetic."""
        words = shlex.join(command)
        both = ["/bin/sh", "-c", f"taskset -c 1 {words} & taskset -c 0 {words} && wait $!"]
        run = Run(TWICE, OURS, both, one_core=False)
        run.times = 2
        return run

    lines = [cfssl, "certinfo", "-format", "jsonl"]
    text = [cfssl, "certinfo", "-format", "text"]
    audit = [cfssl, "audit"]
    return [
        Run("bundle", OURS, lines + [bundle], one_core=False),
        Run("bundle", OURS, lines + [bundle]),
        twice(lines + [bundle]),
        Run("bundle, as text", OURS, text + [bundle]),
        Run("bundle", STOREUTL, ["openssl", "storeutl", "-noout", "-text", "-certs", bundle]),
        Run("bundle", CERTTOOL, ["certtool", "-i", "--infile", bundle]),
        Run("tree", OURS, lines + [tree], one_core=False),
        Run("tree", OURS, lines + [tree]),
        *(Run("tree", name, each(shlex.quote(str(theirs[name] / "cfssl")) + " certinfo -cert")) for name in (NEW, OLD)),
        Run("tree", X509, each("openssl x509 -noout -text -in")),
        Run("audit of the bundle", OURS, audit + [bundle], one_core=False, codes=AUDIT_CODES),
        Run("audit of the bundle", OURS, audit + [bundle], codes=AUDIT_CODES),
        Run("audit of the tree", OURS, audit + [tree], one_core=False, codes=AUDIT_CODES),
        Run("audit of the tree", OURS, audit + [tree], codes=AUDIT_CODES),
    ]


def check(directory, ours, size):
    """Every certificate is described, and every signature holds, before anything is timed."""
    def output(*command):
        return subprocess.run([str(ours / "cfssl"), *command], cwd=directory, stdout=subprocess.PIPE, text=True).stdout

    lines = output("certinfo", "-format", "jsonl", f"{size}/bundle.pem").count("\n")
    if lines != size:
        raise SystemExit(f"compare: {lines} lines for {size} certificates")
    audit = output("audit", "-format", "jsonl", f"{size}/bundle.pem")
    trusted = audit.count('"verdict":"trusted"') + audit.count('"verdict":"anchor"')
    if trusted != size:
        raise SystemExit(f"compare: audit trusts {trusted} of {size} certificates")


def measure(bench, generator, ours, theirs, quick):
    """All runs with their samples for each size."""
    done = {}
    for size, rounds in SIZES.items():
        if quick and size > 10_000:
            continue
        rounds = 1 if quick else rounds
        print(f"{size:,} certificates: {rounds} rounds", file=sys.stderr, flush=True)
        subprocess.run([str(generator), str(bench.directory / str(size)), str(size)], check=True)
        check(bench.directory, ours, size)
        fit = [run for run in runs(ours, theirs, size) if size <= MOST.get(run.tool, size)]
        samples = [[] for _ in fit]
        for turn in range(rounds):
            start = turn % len(fit)
            for at in [*range(start, len(fit)), *range(start)]:
                if turn >= FEW_ROUNDS.get(fit[at].tool, rounds):
                    continue
                *costs, status = bench.sample(fit[at].command)
                code = status >> 8
                if status & 0x7f or code not in fit[at].codes:
                    raise SystemExit(f"compare: failed with {code}: {shlex.join(fit[at].command)}")
                samples[at].append(costs)
        for run, costs in zip(fit, samples):
            known = done.setdefault((run.job, run.tool, run.one_core), run)
            known.samples[size] = costs
    return done


def render(done, machine, quick):
    """The Markdown, and the list of goals missed."""
    lines, missed = [], []

    def goal(holds, text, what):
        if not holds:
            missed.append(f"{what}: {text}")
        return f" (goal {text}{'' if holds else ', **missed**'})"

    def cores(run):
        return "1" if run.one_core else "all"

    sizes = sorted({size for run in done.values() for size in run.samples})
    lines += ["Certificates a second / CPU µs for each / peak MiB; medians of interleaved rounds.", "",
              "| job | tool | cores | " + " | ".join(f"{size:,}" for size in sizes) + " |", "|---" * (len(sizes) + 3) + "|"]
    for run in done.values():
        cells = []
        for size in sizes:
            if size not in run.samples:
                cells.append("–")
                continue
            rate, peak = run.rate(size), run.median(size, 2)
            cell = f"{rate:,.0f} / {run.median(size, 1) * 1e3 / size:.1f} / {peak:.1f}"
            if run.tool == OURS and run.job.startswith("bundle"):
                cell += goal(peak <= MOST_PEAK, f"≤ {MOST_PEAK:g} MiB", f"{run.job}, {size:,}, peak {peak:.1f} MiB")
            if run.job.startswith("audit") and not run.one_core and size >= 10_000:
                cell += goal(rate >= LEAST_AUDIT, f"≥ {LEAST_AUDIT:,}/s", f"{run.job}, {size:,}, {rate:,.0f} a second")
            cells.append(cell)
        lines.append(f"| {run.job} | {run.tool} | {cores(run)} | " + " | ".join(cells) + " |")

    lines += ["", "How many times as many certificates a second as others:", "",
              "| job | cores | against | " + " | ".join(f"{size:,}" for size in sizes) + " |",
              "|---" * (len(sizes) + 3) + "|"]

    def ratios(own, against, least=None):
        cells = []
        for size in sizes:
            if size not in against.samples:
                cells.append("–")
                continue
            ratio = own.rate(size) / against.rate(size)
            cell = f"{ratio:.2f}" if against.tool == OURS else f"{ratio:.1f}"
            bound = least(size) if least else None
            if bound:
                what = f"{own.job}, {size:,}, {cores(own)} cores, {ratio:.2f} × {against.tool}"
                cell += goal(ratio >= bound, f"≥ {bound:.3g}", what)
            cells.append(cell)
        name = f"itself on {cores(against)}" if against.tool == OURS else against.tool
        lines.append(f"| {own.job} | {cores(own)} | {name} | " + " | ".join(cells) + " |")

    one, both, twice = (done[key] for key in (("bundle", OURS, True), ("bundle", OURS, False), (TWICE, OURS, False)))
    storeutl = done[("bundle", STOREUTL, True)]
    ratios(one, storeutl, lambda _: LEAST_RATIO)
    ratios(both, storeutl, lambda size: LEAST_BOTH if size >= 10_000 else None)
    # Threads do not pay in so short a run as that of 1,000.
    ratios(both, one, lambda size: LEAST_SHARE * twice.rate(size) / one.rate(size) if size >= 10_000 else None)
    ratios(twice, one)
    for (job, tool, one_core), peer in done.items():
        if tool not in (OURS, STOREUTL):
            ratios(done[(job, OURS, True)], peer)
        elif tool == OURS and not one_core and job not in ("bundle", TWICE):
            ratios(peer, done[(job, OURS, True)])

    if len(sizes) > 1:
        lines += ["", f"One certificate more, from {sizes[-2]:,} to {sizes[-1]:,}:", "",
                  "| job | tool | cores | wall µs | CPU µs | KiB of memory |", "|---|---|---|---|---|---|"]
        for run in done.values():
            if sorted(run.samples)[-2:] != sizes[-2:]:
                continue
            memory = run.slope(2) * 1024
            cell = f"{memory:.2f}"
            if run.job.startswith("audit"):
                cell += goal(memory <= MOST_SLOPE, f"≤ {MOST_SLOPE:g}", f"{run.job}, {memory:.2f} KiB a certificate")
            lines.append(f"| {run.job} | {run.tool} | {cores(run)} | {run.slope(0) * 1e3:.1f} | {run.slope(1) * 1e3:.1f} | {cell} |")
    lines += ["", "Measured on " + machine + (" A quick run: too few rounds to quote." if quick else "")]
    return lines, missed


def compare(bench, generator, ours, theirs, machine, quick):
    """Measures everything; the Markdown, and the list of goals missed."""
    done = measure(bench, Path(generator).resolve(), ours, theirs, quick)
    return render(done, machine, quick)

#!/usr/bin/env python3
"""Compares whole processes with cfssl 1.6.5 and 1.2.0, openssl and certtool, interleaved round by round.

Each round runs every tool once, in an order that turns from round to round, so that a machine that slows
down slows all of them. Every tool's output is checked before it is timed. What counts is the ratio of our
cost to a peer's; absolute times depend on the machine and the day.

    python3 benches/compare/compare.py --programs DIR [--quick] [--only JOB] [--write docs/performance.md]
"""

import argparse
import json
import math
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import bundles

HERE = Path(__file__).resolve().parent
OURS, NEW, OLD, OPENSSL, CERTTOOL = "certmint", "cfssl 1.6.5", "cfssl 1.2.0", "openssl", "certtool"
PEERS = [NEW, OLD, OPENSSL, CERTTOOL]
# Where scripts/install-peers.sh puts the two, below --peers.
CFSSL = {NEW: "cfssl-1.6.5/usr/bin", OLD: "cfssl-1.2.0/usr/bin"}
BEGIN, END = "<!-- results: written by make bench -->", "<!-- end of results -->"

CONFIG = {"signing": {"default": {"expiry": "87600h"}, "profiles": {"etcd": {
    "expiry": "87600h", "usages": ["signing", "key encipherment", "server auth", "client auth"]}}}}
NAMES = [{"C": "CN", "ST": "SH", "L": "BS", "O": "etcd", "OU": "System"}]
HOSTS = ["127.0.0.1", "192.168.100.111", "192.168.100.112", "192.168.100.113", "kube-cluster-master01"]
SUBJECT = "/C=CN/ST=SH/L=BS/O=etcd/OU=System/CN=etcd"
LEAF_EXTENSIONS = """basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature,keyEncipherment
extendedKeyUsage=serverAuth,clientAuth
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
subjectAltName=""" + ",".join(("IP:" if host[0].isdigit() else "DNS:") + host for host in HOSTS) + "\n"
TEMPLATE = """country = CN
state = SH
locality = BS
organization = etcd
unit = System
cn = etcd
expiration_days = 3650
"""
CA_TEMPLATE = TEMPLATE + "ca\ncert_signing_key\ncrl_signing_key\n"
LEAF_TEMPLATE = TEMPLATE + "signing_key\nencryption_key\ntls_www_server\ntls_www_client\n" + "".join(
    ("ip_address" if host[0].isdigit() else "dns_name") + f" = {host}\n" for host in HOSTS)


class Job:
    """One row of the table: a command line for each tool, the file it must make, how often it runs, the goals."""

    def __init__(self, key, title, commands, rounds, product=None, kind="median", goals=None):
        self.key, self.title, self.commands = key, title, commands
        self.rounds, self.product, self.kind = rounds, product, kind
        # {peer: the largest acceptable ratio of our time to its time}
        self.goals = goals or {}


def jobs(ours, theirs):
    """All jobs. A command is a list of words with lone "|" and ";" between processes; see measure.rs."""

    def cfssl(directory):
        tool = str(directory / "cfssl")
        write = str(directory / "cfssljson")
        leaf = [tool, "gencert", "-ca=ca.pem", "-ca-key=ca-key.pem", "-config=config.json", "-profile=etcd"]
        loop = (f'i=0; while [ $i -lt 1000 ]; do i=$((i+1)); "{tool}" gencert -ca=ca.pem -ca-key=ca-key.pem '
                f'-config=config.json -profile=etcd p256.json 2>/dev/null | "{write}" -bare loop || exit 1; done')
        return {
            "start": [tool, "version"],
            "ca": [tool, "gencert", "-initca", "p256.json", "|", write, "-bare", "out"],
            "leaf": leaf + ["p256.json", "|", write, "-bare", "out"],
            "ed25519": leaf + ["ed25519.json", "|", write, "-bare", "out"],
            "rsa2048": [tool, "gencert", "-initca", "rsa2048.json", "|", write, "-bare", "out"],
            "rsa4096": [tool, "gencert", "-initca", "rsa4096.json", "|", write, "-bare", "out"],
            "certinfo": [tool, "certinfo", "-cert", "leaf.pem"],
            "loop": ["/bin/sh", "-c", loop],
        }

    def openssl_ca(*key):
        return ["openssl", "req", "-x509", "-newkey", *key, "-nodes", "-keyout", "out-key.pem", "-out", "out.pem",
                "-subj", SUBJECT, "-days", "3650"]

    def openssl_leaf(*key):
        return ["openssl", "req", "-new", "-newkey", *key, "-nodes", "-keyout", "out-key.pem", "-out", "out.csr",
                "-subj", SUBJECT, ";",
                "openssl", "x509", "-req", "-in", "out.csr", "-CA", "ca.pem", "-CAkey", "ca-key.pem",
                "-set_serial", "4711", "-days", "3650", "-extfile", "leaf.ext", "-out", "out.pem"]

    def certtool_ca(*key):
        return ["certtool", "--generate-privkey", *key, "--outfile", "out-key.pem", ";",
                "certtool", "--generate-self-signed", "--load-privkey", "out-key.pem",
                "--template", "ca.tmpl", "--outfile", "out.pem"]

    def certtool_leaf(*key):
        return ["certtool", "--generate-privkey", *key, "--outfile", "out-key.pem", ";",
                "certtool", "--generate-certificate", "--load-privkey", "out-key.pem",
                "--load-ca-certificate", "ca.pem", "--load-ca-privkey", "ca-key.pem",
                "--template", "leaf.tmpl", "--outfile", "out.pem"]

    p256 = ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    p256_certtool = ["--key-type=ecdsa", "--curve=secp256r1"]
    openssl = {
        "start": ["openssl", "version"],
        "ca": openssl_ca(*p256),
        "leaf": openssl_leaf(*p256),
        "ed25519": openssl_leaf("ed25519"),
        "rsa2048": openssl_ca("rsa:2048"),
        "rsa4096": openssl_ca("rsa:4096"),
        "certinfo": ["openssl", "x509", "-in", "leaf.pem", "-noout", "-text"],
    }
    certtool = {
        "start": ["certtool", "--version"],
        "ca": certtool_ca(*p256_certtool),
        "leaf": certtool_leaf(*p256_certtool),
        "ed25519": certtool_leaf("--key-type=ed25519"),
        "rsa2048": certtool_ca("--key-type=rsa", "--bits=2048"),
        "rsa4096": certtool_ca("--key-type=rsa", "--bits=4096"),
        "certinfo": ["certtool", "--certificate-info", "--infile", "leaf.pem"],
    }
    peers = {name: cfssl(directory) for name, directory in theirs.items()}
    tools = {OURS: cfssl(ours), **peers, OPENSSL: openssl, CERTTOOL: certtool}

    def job(key, title, rounds, **options):
        commands = {name: tool[key] for name, tool in tools.items() if key in tool}
        return Job(key, title, commands, rounds, **options)

    issue = {NEW: 0.35, OLD: 0.45, CERTTOOL: 0.70}
    return [
        job("start", "start-up (`version`)", 100, goals={NEW: 0.30, OLD: 0.35, CERTTOOL: 0.65}),
        job("ca", "P-256 CA, through the pipe", 100, product="out.pem", goals=issue),
        job("leaf", "P-256 leaf, through the pipe", 100, product="out.pem", goals=issue),
        job("ed25519", "Ed25519 leaf, through the pipe", 100, product="out.pem", goals={NEW: 0.35, CERTTOOL: 0.70}),
        job("certinfo", "`certinfo` of one file", 100, goals={NEW: 0.25, OLD: 0.30, CERTTOOL: 0.55}),
        job("loop", "shell loop of 1,000 P-256 leaves", 3, product="loop.pem", goals={NEW: 1 / 3, OLD: 1 / 2.5}),
        job("rsa2048", "RSA-2048 CA", 250, product="out.pem", kind="mean", goals={OLD: 0.65}),
        job("rsa4096", "RSA-4096 CA", 60, product="out.pem", kind="mean"),
    ]


MEMORY_GOAL = {NEW: 0.40, OLD: 0.50}
SIZE_GOAL_MB = 7.5


class Failed(Exception):
    """A job that a tool does not do."""


class Bench:
    def __init__(self, directory):
        self.directory = directory
        self.measure = directory / "measure"
        # A small static starter: see measure.rs. The target is left to rustc's default.
        subprocess.run(["rustc", "-O", "--edition", "2024", "-C", "target-feature=+crt-static", "-C", "panic=abort",
                        "-o", str(self.measure), str(HERE / "measure.rs")], check=True)

    def prepare(self, theirs):
        """The input files, and the CA that every tool's leaves are signed by (made by openssl)."""
        write = lambda name, text: (self.directory / name).write_text(text)
        write("config.json", json.dumps(CONFIG))
        for name, key in {"p256": {"algo": "ecdsa", "size": 256}, "ed25519": {"algo": "ed25519"},
                          "rsa2048": {"algo": "rsa", "size": 2048}, "rsa4096": {"algo": "rsa", "size": 4096}}.items():
            write(f"{name}.json", json.dumps({"CN": "etcd", "hosts": HOSTS, "key": key, "names": NAMES}))
        write("leaf.ext", LEAF_EXTENSIONS)
        write("ca.tmpl", CA_TEMPLATE)
        write("leaf.tmpl", LEAF_TEMPLATE)
        self.plain(["openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "ca-key.pem"])
        self.plain(["openssl", "req", "-x509", "-new", "-key", "ca-key.pem", "-subj", "/CN=Bench CA", "-days", "7300",
                    "-out", "ca.pem", "-addext", "keyUsage=critical,keyCertSign,cRLSign"])
        self.plain([str(theirs[NEW] / "cfssl"), "gencert", "-ca=ca.pem", "-ca-key=ca-key.pem", "-config=config.json",
                    "-profile=etcd", "p256.json", "|", str(theirs[NEW] / "cfssljson"), "-bare", "leaf"])

    def plain(self, command):
        *_, status = self.sample(command)
        if status != 0:
            raise SystemExit(f"compare: failed: {' '.join(command)}")

    def sample(self, command):
        """(wall in ms, cpu in ms, peak in MiB, wait status) of one run."""
        result = subprocess.run([str(self.measure), *command], cwd=self.directory, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, check=True, text=True)
        wall, cpu, peak, status = map(int, result.stdout.split())
        return wall / 1e3, cpu / 1e3, peak / 1024, status

    def check(self, job, command):
        """Runs the job once; its certificate must be one that openssl reads, newly made."""
        if job.product:
            (self.directory / job.product).unlink(missing_ok=True)
        if job.key == "loop":
            command = [command[0], command[1], command[2].replace("-lt 1000", "-lt 1")]
        *_, status = self.sample(command)
        if status != 0:
            raise Failed(f"exit {os.waitstatus_to_exitcode(status)}")
        if job.product:
            if not (self.directory / job.product).exists():
                raise Failed("no certificate")
            if subprocess.run(["openssl", "x509", "-in", job.product, "-noout"], cwd=self.directory,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode:
                raise Failed("not a certificate")

    def run(self, job, rounds):
        """{tool: [samples]} and {tool: why it cannot}."""
        samples, cannot = {}, {}
        for name, command in job.commands.items():
            try:
                self.check(job, command)
                samples[name] = []
            except Failed as reason:
                cannot[name] = str(reason)
        order = list(samples)
        for turn in range(rounds):
            for name in order[turn % len(order):] + order[:turn % len(order)] if order else []:
                *costs, status = self.sample(job.commands[name])
                if status != 0:
                    raise SystemExit(f"compare: {name} failed in round {turn + 1} of {job.key}")
                samples[name].append(costs)
        return samples, cannot


def summary(values, kind):
    return statistics.fmean(values) if kind == "mean" else statistics.median(values)


def ratio_interval(ours, theirs):
    """The 95 % interval of a ratio of means, by the delta method on its logarithm."""
    a, b = statistics.fmean(ours), statistics.fmean(theirs)
    if len(ours) < 2:
        return None
    relative = math.sqrt(statistics.variance(ours) / len(ours) / a ** 2
                         + statistics.variance(theirs) / len(theirs) / b ** 2)
    return a / b * math.exp(-1.96 * relative), a / b * math.exp(1.96 * relative)


def render(results, sizes, args):
    """The Markdown of all results, and the list of goals missed."""
    lines, missed = [], []

    def goal(value, limit, what):
        if limit is None:
            return ""
        if value > limit:
            missed.append(f"{what}: {value:.2f}, goal {limit:.2f}")
        return f" (goal {limit:.2f}{'' if value <= limit else ', **missed**'})"

    lines += ["Cost of one run: wall ms / CPU ms / peak MiB. Medians; for RSA means.", "",
              "| job | rounds | " + " | ".join([OURS, *PEERS]) + " |", "|---" * (len(PEERS) + 3) + "|"]
    for job, rounds, samples, cannot in results:
        cells = []
        for name in [OURS, *PEERS]:
            if name in samples and samples[name]:
                wall, cpu, peak = (summary(column, job.kind) for column in zip(*samples[name]))
                cells.append(f"{wall:.2f} / {cpu:.2f} / {peak:.1f}")
            else:
                cells.append(f"cannot ({cannot[name]})" if name in cannot else "–")
        lines.append(f"| {job.title} | {rounds} | " + " | ".join(cells) + " |")

    lines += ["", f"Ratio of {OURS} to each peer, wall / CPU: below 1.00 is better than the peer.", "",
              "| job | " + " | ".join(PEERS) + " |", "|---" * (len(PEERS) + 1) + "|"]
    for job, _, samples, _ in results:
        cells = []
        for peer in PEERS:
            if not samples.get(OURS) or not samples.get(peer):
                cells.append("–")
                continue
            ours, theirs = list(zip(*samples[OURS])), list(zip(*samples[peer]))
            wall, cpu = (summary(ours[i], job.kind) / summary(theirs[i], job.kind) for i in (0, 1))
            # A key's time is luck: its goal is about the mean CPU time. The loop's is about certificates a second.
            judged = cpu if job.kind == "mean" else wall if job.key == "loop" else max(wall, cpu)
            cell = f"{wall:.2f} / {cpu:.2f}" + goal(judged, job.goals.get(peer), f"{job.title} against {peer}")
            cells.append(cell)
        lines.append(f"| {job.title} | " + " | ".join(cells) + " |")

    lines += ["", f"Peak memory, ratio of {OURS} to each peer (the largest process of the job):", "",
              "| job | " + " | ".join(PEERS) + " |", "|---" * (len(PEERS) + 1) + "|"]
    for job, _, samples, _ in results:
        cells = []
        for peer in PEERS:
            if not samples.get(OURS) or not samples.get(peer):
                cells.append("–")
                continue
            ours, theirs = (statistics.median(sample[2] for sample in samples[name]) for name in (OURS, peer))
            cells.append(f"{ours / theirs:.2f}"
                         + goal(ours / theirs, MEMORY_GOAL.get(peer), f"{job.title}, memory against {peer}"))
        lines.append(f"| {job.title} | " + " | ".join(cells) + " |")

    spread = [(job, samples) for job, _, samples, _ in results if job.kind == "mean" and samples.get(OURS)]
    if spread:
        lines += ["", "RSA, CPU ms: a key takes as long as its primes are hard to find, so mean ± standard deviation,",
                  "and the 95 % interval of the ratio of the means.", "",
                  "| job | tool | n | mean ± sd | median | min – max | ratio of means |", "|---|---|---|---|---|---|---|"]
        for job, samples in spread:
            ours = [sample[1] for sample in samples[OURS]]
            for name, values in samples.items():
                cpu = [sample[1] for sample in values]
                deviation = statistics.stdev(cpu) if len(cpu) > 1 else 0.0
                interval = None if name == OURS else ratio_interval(ours, cpu)
                ratio = f"{statistics.fmean(ours) / statistics.fmean(cpu):.2f} [{interval[0]:.2f} – {interval[1]:.2f}]" \
                    if interval else "–"
                lines.append(f"| {job.title} | {name} | {len(cpu)} | {statistics.fmean(cpu):.1f} ± {deviation:.1f} | "
                             f"{statistics.median(cpu):.1f} | {min(cpu):.1f} – {max(cpu):.1f} | {ratio} |")

    lines += ["", "Size of the programs, MB:", "", "| program | " + " | ".join(sizes) + " |",
              "|---" * (len(sizes) + 1) + "|"]
    for name in sizes[OURS]:
        cells = [f"{of[name] / 1e6:.2f}" if of[name] else "a link" for of in sizes.values()]
        lines.append(f"| `{name}` | " + " | ".join(cells) + " |")
    totals = {label: sum(of.values()) / 1e6 for label, of in sizes.items()}
    cells = [f"{total:.2f}" for total in totals.values()]
    cells[0] += goal(totals[OURS], SIZE_GOAL_MB, "size of the programs, MB")
    lines.append("| all three | " + " | ".join(cells) + " |")
    lines += ["", "Measured on " + machine() + (" A quick run: too few rounds to quote." if args.quick else "")]
    return lines, missed


def size(program):
    """The bytes of a program; a link to another one has none of its own."""
    return 0 if program.is_symlink() and program.resolve().parent == program.parent.resolve() else program.stat().st_size


def first_line(*command):
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return (result.stdout.splitlines() or ["?"])[0].strip()


def machine():
    model = next((line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), platform.machine())
    # Our files are synchronised to the disk before they are renamed: the file system is part of the result.
    system = first_line("stat", "-f", "-c", "%T", tempfile.gettempdir())
    return (f"{os.cpu_count()} × {model}, Linux {platform.release()}, files on {system}; Debian's builds of cfssl; "
            f"{first_line('openssl', 'version')}; {first_line('certtool', '--version')}.")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--programs", type=Path, required=True, help="the directory of our release programs")
    parser.add_argument("--peers", type=Path, default=Path("/opt"), help="where scripts/install-peers.sh put both cfssl")
    parser.add_argument("--generator", type=Path, help="the example `certificates`; without it no bundles and trees")
    parser.add_argument("--quick", action="store_true", help="a tenth of the rounds, to see that everything works")
    parser.add_argument("--only", action="append", metavar="JOB", help="run only this job (may be repeated)")
    parser.add_argument("--write", type=Path, help="a Markdown file whose results section is replaced")
    parser.add_argument("--strict", action="store_true", help="exit 1 when a goal is missed")
    args = parser.parse_args()
    ours = args.programs.resolve()
    theirs = {name: (args.peers / below).resolve() for name, below in CFSSL.items()}
    programs = ["cfssl", "cfssljson", "cfssl-certinfo"]
    for directory in (ours, *theirs.values()):
        for name in programs:
            if not (directory / name).is_file():
                raise SystemExit(f"compare: {directory / name}: no such program (`make peers` installs the peers)")
    selected = jobs(ours, theirs)
    known = [job.key for job in selected] + ["bundles"]
    if args.only:
        unknown = set(args.only) - set(known)
        if unknown:
            raise SystemExit(f"compare: unknown job {', '.join(sorted(unknown))}; known: {', '.join(known)}")
        selected = [job for job in selected if job.key in args.only]

    with_bundles = args.generator and (not args.only or "bundles" in args.only)
    results, many = [], None
    with tempfile.TemporaryDirectory(prefix="certmint-bench.") as directory:
        bench = Bench(Path(directory))
        bench.prepare(theirs)
        for job in selected:
            rounds = max(1, job.rounds // 10) if args.quick else job.rounds
            print(f"{job.title}: {rounds} rounds", file=sys.stderr, flush=True)
            results.append((job, rounds, *bench.run(job, rounds)))
        if with_bundles:
            many, many_missed = bundles.compare(bench, args.generator, ours, theirs, machine(), args.quick)
    sizes = {label: {name: size(directory / name) for name in programs}
             for label, directory in {OURS: ours, **theirs}.items()}
    lines, missed = render(results, sizes, args)
    for job, _, _, cannot in results:
        if OURS in cannot:
            missed.append(f"{job.title}: our programs cannot ({cannot[OURS]})")
    sections = [(BEGIN, END, lines)] if results else []
    if many:
        missed += many_missed
        sections.append((bundles.BEGIN, bundles.END, many))
    for begin, end, lines in sections:
        text = "\n".join(lines)
        print(text + "\n")
        if args.write:
            page = args.write.read_text()
            before, rest = page.split(begin)
            _, after = rest.split(end)
            args.write.write_text(f"{before}{begin}\n\n{text}\n\n{end}{after}")
    print("\n" + ("Goals missed:\n" + "\n".join(f"  {line}" for line in missed) if missed else "All goals reached."),
          file=sys.stderr)
    return 1 if missed and args.strict else 0


if __name__ == "__main__":
    sys.exit(main())

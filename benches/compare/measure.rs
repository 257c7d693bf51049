//! Runs one job and prints what it cost: `wall_us cpu_us peak_kib status`.
//!
//! A job is a list of arguments in which a lone `|` joins two processes by a pipe and a lone `;` starts the next
//! step once the one before has ended. `compare.py` compiles this file with rustc, linked statically, for one
//! reason: Linux counts the memory of whoever started a process in that process's peak, so the starter must be
//! smaller than anything it measures, and no scripting language is.

use std::env;
use std::process::{Command, Stdio, exit};
use std::time::Instant;

/// The kernel's `struct rusage` on 64-bit Linux: two times in seconds and microseconds, then the peak in KiB.
#[repr(C)]
struct Usage {
    user_seconds: i64,
    user_micros: i64,
    system_seconds: i64,
    system_micros: i64,
    peak_kib: i64,
    rest: [i64; 13],
}

unsafe extern "C" {
    fn wait4(pid: i32, status: *mut i32, options: i32, usage: *mut Usage) -> i32;
}

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let (mut cpu, mut peak, mut worst) = (0, 0, 0);
    let start = Instant::now();
    for step in arguments.split(|word| word == ";") {
        let mut running = Vec::new();
        let stages: Vec<&[String]> = step.split(|word| word == "|").collect();
        let mut input = Stdio::null();
        for (number, stage) in stages.iter().enumerate() {
            let (program, words) = stage.split_first().expect("an empty stage");
            let last = number + 1 == stages.len();
            let mut command = Command::new(program);
            command.args(words).stdin(input).stderr(Stdio::null());
            command.stdout(if last { Stdio::null() } else { Stdio::piped() });
            let mut child = command.spawn().unwrap_or_else(|error| {
                eprintln!("{program}: {error}");
                exit(127)
            });
            input = child.stdout.take().map_or_else(Stdio::null, Stdio::from);
            running.push(child.id());
        }
        for pid in running {
            let mut status = 0;
            let mut usage = Usage {
                user_seconds: 0,
                user_micros: 0,
                system_seconds: 0,
                system_micros: 0,
                peak_kib: 0,
                rest: [0; 13],
            };
            // SAFETY: both pointers are to live values of the layout that the kernel writes on 64-bit Linux.
            unsafe { wait4(pid as i32, &mut status, 0, &mut usage) };
            cpu += (usage.user_seconds + usage.system_seconds) * 1_000_000;
            cpu += usage.user_micros + usage.system_micros;
            peak = peak.max(usage.peak_kib);
            worst = worst.max(status);
        }
    }
    println!("{} {cpu} {peak} {worst}", start.elapsed().as_micros());
}

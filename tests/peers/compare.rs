//! Two programs on one command line: what differs.

use super::case::Case;
use super::outcome::{Outcome, run};
use super::support::facts::{self, Certificate, Facts};
use super::support::peer::Peer;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A fact that differs.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) peer: Peer,
    pub(crate) command: &'static str,
    pub(crate) case: String,
    pub(crate) fact: String,
    pub(crate) theirs: String,
    pub(crate) ours: String,
}

/// What stands for a fact that one side does not have.
pub(crate) const ABSENT: &str = "absent";

/// What our program did, and where that differs from each of the peers that the case is put to.
pub(crate) fn compare(inputs: &Path, case: &Case, peers: &[Peer]) -> (Outcome, Vec<Seen>) {
    let issuer = case.issuer.as_ref().map(|name| {
        let text = fs::read_to_string(inputs.join(format!("{name}.pem"))).unwrap();
        facts::certificate(&text, None)
    });
    let (program, _) = case.line();
    let ours = run(&our(program), inputs, case);
    let mut seen = Vec::new();
    for &peer in peers {
        let theirs = run(&peer.program(program), inputs, case);
        seen.extend(differing(peer, case, &theirs, &ours, issuer.as_ref()));
    }
    (ours, seen)
}

/// The path of one of our programs.
fn our(program: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_BIN_EXE_cfssl"));
    folder.with_file_name(program).to_str().unwrap().to_owned()
}

fn differing(
    peer: Peer,
    case: &Case,
    theirs: &Outcome,
    ours: &Outcome,
    issuer: Option<&Certificate>,
) -> Vec<Seen> {
    if theirs.run.exit != ours.run.exit {
        // Everything else follows from it.
        let end = |outcome: &Outcome| {
            let log = outcome.run.log();
            let line = if case.usage { log.first() } else { log.last() };
            format!("{:?} {}", outcome.run.exit, line.map_or("", String::as_str))
        };
        let (fact, theirs, ours) = ("end".to_owned(), end(theirs), end(ours));
        return vec![Seen { peer, command: case.command, case: case.name.clone(), fact, theirs, ours }];
    }
    let (mut old, mut new) = (theirs.facts(case, issuer), ours.facts(case, issuer));
    set_apart_what_is_said_besides(&mut old, &mut new);
    let facts: BTreeSet<_> = old.keys().chain(new.keys()).cloned().collect();
    let absent = || ABSENT.to_owned();
    let seen = facts.into_iter().map(|fact| Seen {
        peer,
        command: case.command,
        case: case.name.clone(),
        theirs: old.remove(&fact).unwrap_or_else(absent),
        ours: new.remove(&fact).unwrap_or_else(absent),
        fact,
    });
    seen.filter(|one| {
        let time = one.fact.contains("time of");
        one.theirs != one.ours && !(time && same_moment((&one.theirs, theirs.clock), (&one.ours, ours.clock)))
    })
    .collect()
}

/// The human half of an error and warnings stand between cfssl's lines.
fn set_apart_what_is_said_besides(old: &mut Facts, new: &mut Facts) {
    let known = old["log"].clone();
    let known: Vec<_> = known.split('\n').collect();
    let log = new["log"].clone();
    let extra = |line: &&str| {
        let ours = ["[WARNING] ", "[ERROR] ", "cfssljson: "].iter().any(|start| line.starts_with(start));
        ours && !known.contains(line)
    };
    let (said, kept): (Vec<_>, Vec<_>) = log.split('\n').partition(extra);
    new.insert("log".to_owned(), kept.join("\n"));
    let (warnings, errors): (Vec<_>, Vec<_>) =
        said.into_iter().partition(|line: &&str| line.starts_with("[WARNING]"));
    for (fact, said) in [("said besides: warnings", warnings), ("said besides: errors", errors)] {
        old.insert(fact.to_owned(), String::new());
        new.insert(fact.to_owned(), said.join("\n"));
    }
}

/// Whether two times are the same distance from the moments of the two runs, or from the minute or hour that
/// each ran in.
fn same_moment(theirs: (&str, (i64, i64)), ours: (&str, (i64, i64))) -> bool {
    let (Ok(old), Ok(new)) = (theirs.0.parse::<i64>(), ours.0.parse::<i64>()) else {
        return false;
    };
    let floors: [fn(i64) -> i64; 4] = [
        |time| time,
        |time| (time + 30).div_euclid(60) * 60,
        |time| time.div_euclid(60) * 60,
        |time| time.div_euclid(3600) * 3600,
    ];
    floors.iter().any(|floor| {
        let distances = |time: i64, (begin, end): (i64, i64)| (time - floor(end), time - floor(begin));
        let (one, other) = (distances(old, theirs.1), distances(new, ours.1));
        one.0 <= other.1 && other.0 <= one.1
    })
}

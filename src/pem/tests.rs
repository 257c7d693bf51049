#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use super::*;

fn labels(input: &str) -> Vec<String> {
    sections(input.as_bytes()).map(|section| section.label.to_owned()).collect()
}

#[test]
fn gives_back_what_was_encoded() {
    for length in 0..200 {
        let der: Vec<u8> = (0..length).map(|byte| (byte * 37 % 256) as u8).collect();
        let text = encode("A THING", &der);
        assert!(text.lines().all(|line| line.len() <= 64));
        assert!(text.ends_with("-----END A THING-----\n"));
        let read = sections(text.as_bytes()).next().expect("a section");
        assert_eq!((read.label, &*read.der, read.rest), ("A THING", &der, &b""[..]));
    }
}

#[test]
fn writes_into_the_room_it_asked_for() {
    for length in 0..200 {
        let text = encode("A THING", &vec![7; length]);
        assert_eq!(text.len(), text.capacity(), "{length} bytes");
    }
}

#[test]
fn reads_headers() {
    let text =
        "-----BEGIN KEY-----\r\nProc-Type: 4,ENCRYPTED\r\nDEK-Info: X,00\r\n\r\nAAEC\r\n-----END KEY-----";
    let section = sections(text.as_bytes()).next().expect("a section");
    assert_eq!(section.header("Proc-Type"), Some("4,ENCRYPTED"));
    assert_eq!(section.header("DEK-Info"), Some("X,00"));
    assert_eq!(*section.der, [0, 1, 2]);
}

#[test]
fn forgives_what_surrounds_a_section() {
    assert_eq!(
        labels(
            "\u{feff}subject: x\n  -----BEGIN A-----\n  AA==\n  -----END A----- \nrubbish\r-----BEGIN B-----\r-----END B-----"
        ),
        ["A", "B"]
    );
}

#[test]
fn passes_over_damaged_sections() {
    assert_eq!(labels("-----BEGIN A-----\nAAAA\n-----BEGIN B-----\nAAAA\n-----END B-----\n"), ["B"]);
    assert_eq!(labels("-----BEGIN A-----\nAAAA\n-----END B-----\n"), [""; 0]);
    for body in ["A", "AA", "AAA", "A===", "AA=A", "AAA*", "AAAA=", "====", "AAAA===="] {
        assert_eq!(labels(&format!("-----BEGIN A-----\n{body}\n-----END A-----\n")), [""; 0], "{body}");
    }
}

#[test]
fn says_what_is_damaged_and_where() {
    let damages = |text: &str| -> Vec<_> {
        attempts(text.as_bytes())
            .map(|found| (found.label.to_owned(), found.line, found.section.err()))
            .collect()
    };
    let foo = "-----BEGIN A-----\nZm9v\n-----END A-----\n";
    for (text, line, damage) in [
        ("-----BEGIN A-----\nZm9v\n".to_owned(), 1, Damage::BrokenOff(None)),
        (format!("x\n\n-----BEGIN A-----\r\nZm9v\r\n{foo}"), 3, Damage::BrokenOff(Some(5))),
        (foo.replace("Zm9v", "Zm9v\nZm9"), 1, Damage::CutShort),
        (foo.replace("Zm9v", "Zm9v\n\nZm*v"), 1, Damage::Letter(4)),
        (foo.replace("Zm9v", "DEK-Info: *\n\nZm9v\nZ:9v"), 1, Damage::Letter(5)),
        (foo.replace("END A", "END B"), 1, Damage::EndLine(3)),
        (foo.replace("Zm9v", "Zm9v\n-----\nZm9v"), 1, Damage::EndLine(3)),
    ] {
        let found = damages(&text);
        assert_eq!(found.first(), Some(&("A".to_owned(), line, Some(damage))), "{text}");
    }
    let found = damages(&format!("-----BEGIN A----\n{foo}"));
    assert_eq!(found, [("A".to_owned(), 1, Some(Damage::BeginLine)), ("A".to_owned(), 2, None)]);
    let found = damages("-----BEGIN A----- x\n");
    assert_eq!(found, [("A".to_owned(), 1, Some(Damage::BeginLineGoesOn))]);
}

#[test]
fn a_label_holds_no_key() {
    let key = "MIIEowIBAAKCAQEAuz1VolJixgQG";
    for text in [
        format!("-----BEGIN A-----{key}-----END A-----\n"),
        format!("-----BEGIN A-----{key}-----\n"),
        format!("-----BEGIN {key}-----\n-----END {key}-----\n"),
        format!("-----BEGIN {}-----\n", "MIIE ".repeat(20)),
        format!("-----BEGIN A {key}\n"),
        "-----BEGIN \u{fc}-----\n".to_owned(),
    ] {
        for attempt in attempts(text.as_bytes()) {
            assert!(["", "A"].contains(&attempt.label), "{text}: {}", attempt.label);
            assert!(attempt.section.is_err(), "{text}");
        }
    }
}

#[test]
fn an_attempt_has_its_lines() {
    let foo = "-----BEGIN A-----\nZm9v\n-----END A-----\n";
    for text in [foo, "-----BEGIN A-----\nZm9v\n", "-----BEGIN A----- Zm9v\nx\n", "-----BEGIN A\n"] {
        let whole = format!("x\n{text}{foo}");
        let texts: Vec<_> = attempts(whole.as_bytes()).map(|attempt| attempt.text).collect();
        assert_eq!(texts, [text.as_bytes(), foo.as_bytes()], "{text}");
    }
}

#[test]
fn finds_sections_as_go_does() {
    let foo = "-----BEGIN A-----\nZm9v\n-----END A-----\n";
    for text in [
        foo.to_owned(),
        format!("text\n{foo}"),
        foo.replace('\n', "\r\n"),
        foo.replace("Zm9v", "Zm\n 9v \t"),
        foo.replace("Zm9v", "Zm 9\tv"),
        foo.replace("Zm9v", "Proc-Type: 4\nDEK-Info: x\n\nZm9v"),
        format!("-----BEGIN B-----\n{foo}"),
        format!("-----BEGIN B\n{foo}"),
        format!("-----BEGIN B-----\nZm9v\n-----END C-----\n{foo}"),
        format!("-----BEGIN A-----\nZm9\n-----END A-----\n{foo}"),
        format!("-----BEGIN A-----\nZm9v\n-----END A----- x\n{foo}"),
        format!("-----BEGIN A-----\nZm9v\n-----\nZm9v\n-----END A-----\n{foo}"),
        format!("x-----BEGIN A-----\nYmFy\n-----END A-----\n{foo}"),
    ] {
        let found: Vec<_> = sections(text.as_bytes()).collect();
        assert_eq!(found.len(), 1, "{text}");
        assert!(found.iter().all(|section| section.label == "A" && **section.der == *b"foo"), "{text}");
    }
    let empty = first(b"-----BEGIN A-----\n-----END A-----").expect("a section");
    assert!(empty.der.is_empty());
}

#[test]
fn keeps_what_follows_a_section() {
    for (end, rest) in [("", ""), ("\n", ""), ("\r\n", ""), ("\n\n", "\n"), ("\nmore\n", "more\n")] {
        let text = format!("-----BEGIN A-----\nZm9v\n-----END A-----{end}");
        assert_eq!(first(text.as_bytes()).expect("a section").rest, rest.as_bytes(), "{end:?}");
    }
}

#[test]
fn takes_time_in_proportion_to_hostile_input() {
    let begins = "-----BEGIN A-----\n".repeat(200_000);
    assert_eq!(labels(&begins), [""; 0]);
    assert_eq!(labels(&format!("{begins}-----END B-----\n")), [""; 0]);
    // A section that holds many lines, none of which ends it.
    assert_eq!(labels(&"-----BEGIN A-----\nAAAA\n-----\n".repeat(100_000)), [""; 0]);
}

#[test]
fn public_and_secret_sections_are_read_alike() {
    let whole = encode("A CERTIFICATE", &[9; 100]);
    let mut cases: Vec<String> = vec![
        whole.clone(),
        whole.replace('\n', "\r\n"),
        whole.replace('\n', "\r"),
        whole.replace('\n', " \n\n  "),
        whole.replacen('\n', "\nProc-Type: 4\n\n", 1),
        whole.replacen("\n-----END", "-----END", 1),
        format!("-----BEGIN A CERTIFICATE-----\nAA==\n-----END B CERTIFICATE-----\n{whole}"),
        format!("-----BEGIN A CERTIFICATE-----\n{whole}"),
        "-----BEGIN A CERTIFICATE-----\n-----END A CERTIFICATE-----".to_owned(),
    ];
    cases.extend((0..whole.len()).map(|at| {
        let (head, tail) = whole.split_at(at);
        format!("{head}%{}", tail.get(1..).unwrap())
    }));
    cases.extend((0..whole.len()).map(|at| whole.split_at(at).0.to_owned()));
    for case in cases {
        let read = |text: &str| -> Vec<(u32, Option<Vec<u8>>, String)> {
            attempts(text.as_bytes())
                .map(|one| {
                    let damage = one.section.as_ref().err().map(ToString::to_string);
                    let der = one.section.ok().map(|section| section.der.to_vec());
                    (one.line, der, damage.unwrap_or_default())
                })
                .collect()
        };
        assert_eq!(read(&case), read(&case.replace("CERTIFICATE", "SECRET")), "{case}");
    }
}

#[test]
fn counts_what_it_reads() {
    let pieces = [
        "-----BEGIN A-----\nAAAA\n-----END A-----\n",
        "-----BEGIN A-----\rAAAA\r\n",
        "-----BEGIN A\n",
        "-----END B-----\r\n",
        "text\n\n",
        "-----\n",
        " -----BEGIN B----- \n",
    ];
    for mut number in 0..7_usize.pow(4) {
        let mut text = String::new();
        for _ in 0..4 {
            text.push_str(pieces.get(number % 7).unwrap());
            number /= 7;
        }
        let mut read = attempts(text.as_bytes());
        let attempts = read.by_ref().count();
        assert_eq!(count(text.as_bytes()), (read.lines.number, attempts as u32), "{text:?}");
    }
}

#[test]
fn finds_where_the_last_section_begins_and_ends() {
    let section = "-----BEGIN A-----\nAAAA\n-----END A-----\n";
    for (text, end) in [
        (section.to_owned(), Some(section.len())),
        (format!("{section}more"), Some(section.len())),
        (format!("{section}-----BEGIN A-----\nAAAA\n-----END A"), Some(section.len())),
        (format!("{section}-----BEGIN A-----\nAAAA\n-----END A-----"), Some(section.len())),
        (format!("{section}-----END x\nx-----END A-----\n"), Some(section.len())),
        (section.replace('\n', "\r"), Some(section.len())),
        (section.replace('\n', "\r\n"), Some(section.len() + 3)),
        ("-----END A".to_owned(), None),
        (String::new(), None),
    ] {
        assert_eq!(last_end(text.as_bytes()), end, "{text:?}");
    }
    assert_eq!(last_begin(format!("{section}  {section}").as_bytes()), Some(section.len()));
    assert_eq!(last_begin(format!("{section}x{section}").as_bytes()), Some(0));
    assert_eq!(last_begin(b"x-----BEGIN A-----"), None);
}

#[test]
fn says_why_there_is_none() {
    assert_eq!(Instead::of(b" \n").words(), "it is empty");
    assert!(Instead::of(b"-----BEGIN A-----\nAAAA\n").words().contains("-----END line is missing"));
    assert!(Instead::of(b"-----BEGIN A-----\nA\n-----END A-----").words().contains("damaged"));
    assert!(Instead::of(b"\x30\x82\x01\x00").words().contains("DER"));
    assert!(Instead::of(b"hello").words().contains("no line that starts"));
    assert!(Instead::of(b" {\"key\":1}").words().contains("JSON"));
    assert!(Instead::of(b"\xff\xfe-\0").words().contains("UTF-16"));
}

#[test]
fn takes_no_more_room_than_a_section_needs() {
    let text = encode("A", &[1; 48]).repeat(1000);
    let sections: Vec<_> = sections(text.as_bytes()).collect();
    assert_eq!(sections.len(), 1000);
    assert!(sections.iter().all(|section| section.der.capacity() < 100));
}

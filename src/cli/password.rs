//! Passwords for files that are to be written or read: from a file, a variable or the terminal, never from the
//! command line.

use super::terminal::Terminal;
use super::{Context, input};
use crate::{Error, ErrorKind, Result, Warning, WarningKind};
use zeroize::Zeroizing;

/// The longest password in bytes; openssl reads no longer ones.
const LONGEST: usize = 1024;

/// How often two different passwords may be typed.
const ATTEMPTS: u32 = 3;

/// The password that `flag` leads to, for the file `name`; asked for on the terminal where the flag says nothing.
///
/// # Errors
///
/// [`ErrorKind::Usage`] where the flag holds something else, perhaps the password itself, and for a password that
/// other programs could not be told; as [`input::read_secret_file`]; and [`ErrorKind::Io`] where there is no
/// terminal to ask on.
pub(super) fn of_new_file(context: &mut Context<'_>, flag: &str, name: &str) -> Result<Zeroizing<String>> {
    let fault = |error: Error| error.in_file(&format!("-{flag}"));
    let Some(password) = read(context, flag, &|| ask(name, flag))? else {
        let message = format!("{name} has an empty password: whoever can read the file has the key");
        context.warn(&[Warning::new(WarningKind::Unwise, message)])?;
        return Ok(Zeroizing::new(String::new()));
    };
    let password = checked(&password).map_err(fault)?;
    if !password.is_ascii() {
        let message =
            format!("the password of {name} has letters outside ASCII, with which Java cannot open it");
        context.warn(&[Warning::new(WarningKind::Unwise, message)])?;
    }
    Ok(password)
}

/// The password for files that are to be read, where `-password` is given.
///
/// # Errors
///
/// As [`of_new_file`], but for what only new passwords must be.
pub(super) fn of_inputs(context: &mut Context<'_>) -> Result<Option<Zeroizing<String>>> {
    const FLAG: &str = "password";
    if !context.flags.is_set(FLAG) {
        return Ok(None);
    }
    let what = "keys and PKCS #12 files";
    let ask = || terminal(what, FLAG)?.ask(&format!("Password for {what}: "));
    let password = read(context, FLAG, &ask)?.unwrap_or_default();
    let text = std::str::from_utf8(&password).map_err(|_| {
        Error::new(ErrorKind::Usage, "the password is not text in UTF-8").in_file("-password")
    })?;
    Ok(Some(Zeroizing::new(text.to_owned())))
}

/// The password that `flag` leads to, which `ask` asks for; nothing where it is to be empty.
fn read(
    context: &Context<'_>,
    flag: &str,
    ask: &dyn Fn() -> Result<Zeroizing<Vec<u8>>>,
) -> Result<Option<Zeroizing<Vec<u8>>>> {
    let source = context.flags.text(flag);
    let fault = |error: Error| error.in_file(&format!("-{flag}"));
    Ok(Some(match source.split_once(':') {
        Some(("env", variable)) => match context.environment(variable) {
            Some(value) => Zeroizing::new(value.into_encoded_bytes()),
            None => {
                let message = format!("the environment variable {variable} is not set");
                return Err(fault(Error::new(ErrorKind::Usage, message)));
            }
        },
        Some(("file", path)) => {
            let mut text = input::read_secret_file(path).map_err(fault)?;
            cut_line_end(&mut text);
            text
        }
        None if source == "prompt" => ask()?,
        None if source == "empty" => return Ok(None),
        // What is there may be a password: it is not repeated.
        _ => {
            let error = Error::new(ErrorKind::Usage, format!("-{flag} does not take the password itself"));
            return Err(error
                .explain(format!(
                    "-{flag} says where the password is; one on the command line could be seen by others"
                ))
                .hint("write env:VARIABLE, file:PATH, prompt or, for no password, empty"));
        }
    }))
}

fn terminal(what: &str, flag: &str) -> Result<Terminal> {
    Terminal::open().map_err(|error| {
        error
            .explain(format!("there is no terminal to ask for the password of {what} on"))
            .hint(format!("add -{flag} env:VARIABLE or -{flag} file:PATH"))
    })
}

fn ask(name: &str, flag: &str) -> Result<Zeroizing<Vec<u8>>> {
    let mut terminal = terminal(name, flag)?;
    for _ in 0..ATTEMPTS {
        let password = terminal.ask(&format!("Password for {name}: "))?;
        if password.is_empty() || *password == *terminal.ask("The same again: ")? {
            return Ok(password);
        }
        terminal.say("The two differ.\n")?;
    }
    Err(Error::new(ErrorKind::Usage, "two different passwords were typed"))
}

/// Cuts off the end of the line that an editor or `echo` puts after a password.
fn cut_line_end(text: &mut Vec<u8>) {
    if text.last() == Some(&b'\n') {
        text.pop();
        if text.last() == Some(&b'\r') {
            text.pop();
        }
    }
}

/// Refuses what cannot be meant, and what other programs could not be told.
fn checked(password: &[u8]) -> Result<Zeroizing<String>> {
    let fault = |message: &str| Err(Error::new(ErrorKind::Usage, message));
    let Ok(text) = std::str::from_utf8(password) else {
        return fault("the password is not text in UTF-8");
    };
    if text.is_empty() {
        return fault("the password is empty").map_err(|error| error.hint("write `empty` if that is meant"));
    }
    if text.contains('\n') {
        return fault("the password has several lines");
    }
    if text.contains(char::is_control) {
        return fault("the password holds a control character, which nobody could type");
    }
    if text.len() > LONGEST {
        return fault("the password is longer than 1024 bytes, which openssl could not read");
    }
    Ok(Zeroizing::new(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_end_is_no_part_of_a_password_in_a_file() {
        for (text, password) in [
            ("sesame", "sesame"),
            ("sesame\n", "sesame"),
            ("sesame\r\n", "sesame"),
            (" sesame \n", " sesame "),
            ("sesame\r", "sesame\r"),
            ("sesame\n\n", "sesame\n"),
            ("\n", ""),
            ("", ""),
        ] {
            let mut bytes = text.as_bytes().to_vec();
            cut_line_end(&mut bytes);
            assert_eq!(bytes, password.as_bytes(), "{text:?}");
        }
    }

    #[test]
    fn refuses_passwords_that_cannot_be_meant() {
        for (password, words) in [
            (&b"\xff"[..], "UTF-8"),
            (b"", "empty"),
            (b"a\nb", "several lines"),
            (b"a\rb", "control character"),
            (b"a\0", "control character"),
            (&[b'x'; 1025], "longer than 1024"),
        ] {
            let error = checked(password).map(|_| ()).map_err(|error| error.to_string());
            assert!(error.is_err_and(|error| error.contains(words)), "{words}");
        }
        for password in ["x", "sésame \u{1f511}", &"x".repeat(1024)] {
            assert_eq!(checked(password.as_bytes()).as_deref().map(String::as_str), Ok(password));
        }
    }
}

//! What is asked of two programs.

/// A command line, and what it is run on.
#[derive(Debug)]
pub(crate) struct Case {
    /// No two cases of one command have the same.
    pub(crate) name: String,
    /// A command of `cfssl`, or one of the other programs.
    pub(crate) command: &'static str,
    /// The CA that signs, by name; without one, the certificate signs itself or there is none.
    pub(crate) issuer: Option<String>,
    /// Words after the command. Inputs are found by their names in them.
    pub(crate) arguments: Vec<String>,
    /// Inputs that no argument names.
    pub(crate) further: Vec<&'static str>,
    /// Files of this case alone.
    pub(crate) files: Vec<(&'static str, Vec<u8>)>,
    pub(crate) stdin: Stdin,
    pub(crate) environment: Vec<(&'static str, &'static str)>,
    /// The shell's words before the program.
    pub(crate) before: &'static str,
    /// The text behind the first line of standard error is help, which is ours.
    pub(crate) usage: bool,
    /// Asked of 1.2.0, too.
    pub(crate) old: bool,
}

/// What a program reads.
#[derive(Debug)]
pub(crate) enum Stdin {
    /// An input or a file of the case.
    File(String),
    Nothing,
    Text(Vec<u8>),
}

/// The programs beside `cfssl`.
pub(crate) const PROGRAMS: [&str; 3] = ["cfssl-certinfo", "cfssljson", "mkbundle"];

impl Case {
    pub(crate) fn new(command: &'static str, name: &str, arguments: &[&str]) -> Self {
        Self {
            name: name.to_owned(),
            command,
            issuer: None,
            arguments: arguments.iter().map(|&argument| argument.to_owned()).collect(),
            further: Vec::new(),
            files: Vec::new(),
            stdin: Stdin::Nothing,
            environment: Vec::new(),
            before: "",
            usage: false,
            old: false,
        }
    }

    /// More words at the end.
    pub(crate) fn with(mut self, arguments: &[&str]) -> Self {
        self.arguments.extend(arguments.iter().map(|&argument| argument.to_owned()));
        self
    }

    pub(crate) fn file(mut self, name: &'static str, contents: impl AsRef<[u8]>) -> Self {
        self.files.push((name, contents.as_ref().to_vec()));
        self
    }

    /// An input that no argument names.
    pub(crate) fn needs(mut self, input: &'static str) -> Self {
        self.further.push(input);
        self
    }

    /// The certificate is signed by this CA.
    pub(crate) fn by(mut self, issuer: &str) -> Self {
        self.issuer = Some(issuer.to_owned());
        self
    }

    pub(crate) fn stdin(mut self, text: impl AsRef<[u8]>) -> Self {
        self.stdin = Stdin::Text(text.as_ref().to_vec());
        self
    }

    pub(crate) fn stdin_file(mut self, name: &str) -> Self {
        self.stdin = Stdin::File(name.to_owned());
        self
    }

    pub(crate) fn environment(mut self, name: &'static str, value: &'static str) -> Self {
        self.environment.push((name, value));
        self
    }

    /// Behind these words of the shell.
    pub(crate) fn after(mut self, words: &'static str) -> Self {
        self.before = words;
        self
    }

    /// With this configuration, named before all other words.
    pub(crate) fn config(mut self, config: &str) -> Self {
        self.arguments.insert(0, "-config=config.json".to_owned());
        self.file("config.json", config)
    }

    /// With this default profile.
    pub(crate) fn profile(self, profile: &str) -> Self {
        self.config(&format!(r#"{{"signing":{{"default":{profile}}}}}"#))
    }

    /// Help follows the first line of standard error.
    pub(crate) fn usage(mut self) -> Self {
        self.usage = true;
        self
    }

    /// Asked of 1.2.0, too.
    pub(crate) fn old(mut self) -> Self {
        self.old = true;
        self
    }

    /// The program that runs, and its words.
    pub(crate) fn line(&self) -> (&'static str, Vec<&str>) {
        let words = self.arguments.iter().map(String::as_str);
        match self.command {
            "cfssl" => ("cfssl", words.collect()),
            program if PROGRAMS.contains(&program) => (program, words.collect()),
            command => ("cfssl", std::iter::once(command).chain(words).collect()),
        }
    }
}

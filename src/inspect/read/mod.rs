//! Reading anything that holds certificates, keys, requests or revocation lists into
//! [`Evidence`](super::evidence::Evidence).
//!
//! [`Contents::read`] reads bytes and does nothing else. What they are is told from what they hold, never from
//! a file's name: PEM with any number of sections and anything around them, DER, PKCS #7, PKCS #12, keystores
//! of Java, kubeconfig files, Kubernetes Secrets and ConfigMaps, any other YAML (with the feature `yaml`) or
//! JSON document with such things in its strings, and the settings of etcd.
//!
//! [`Evidence::gather`](super::evidence::Evidence::gather) walks through files and folders;
//! [`Evidence::add_bytes`](super::evidence::Evidence::add_bytes) takes bytes that came another way, such as
//! standard input.
//!
//! ```
//! use certmint::inspect::evidence::{Evidence, Object};
//! use certmint::inspect::read::{GatherOptions, ReadOptions};
//!
//! let mut evidence = Evidence::default();
//! evidence.add_bytes("-", None, b"{\"ca\": \"-----BEGIN PRIVATE KEY-----\"}", &ReadOptions::default());
//! evidence.gather(&["src"], &GatherOptions::default(), &mut |progress| drop(progress));
//! for found in &evidence.objects {
//!     let source = &evidence.sources[found.source as usize];
//!     if let Object::Damaged { label, fault } = &found.object {
//!         println!("{} {:?}: {label}: {fault}", source.name, found.place);
//!     }
//! }
//! # assert_eq!(&*evidence.sources[0].name, "-");
//! ```

mod add;
mod contents;
mod der;
mod document;
mod etcd;
mod keystore;
mod kubernetes;
mod markup;
mod options;
mod private_key;
mod promise;
mod secret;
mod sections;
mod settings;
mod text;
mod walk;
#[cfg(feature = "yaml")]
mod yaml;

pub use contents::{Contents, Reference};
pub use options::ReadOptions;
#[cfg(feature = "cli")]
pub(crate) use secret::SecretBytes;
#[cfg(feature = "cli")]
pub(crate) use text::has_boundary_at_line_start;
pub use walk::{GatherOptions, Progress};

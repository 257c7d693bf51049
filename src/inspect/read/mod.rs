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

mod add;
mod contents;
mod der;
mod document;
mod etcd;
mod keystore;
mod kubernetes;
mod options;
mod private_key;
mod sections;
mod settings;
mod text;
mod walk;
#[cfg(feature = "yaml")]
mod yaml;

pub use contents::{Contents, Reference};
pub use options::ReadOptions;
#[cfg(feature = "cli")]
pub(crate) use text::has_boundary_at_line_start;
pub use walk::{GatherOptions, Progress};

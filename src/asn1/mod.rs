//! The little DER that keys, certificates and all around them are made of: a reader and a writer that know no
//! types.

pub(crate) mod ber;
pub(crate) mod reader;
pub(crate) mod writer;

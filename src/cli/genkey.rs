//! `cfssl genkey`: a key and a CSR from a request, or with `-initca` a CA.

use super::{Context, deliver, gencert, request};
use crate::Result;
use crate::output::PemSet;
use crate::signer::refuse_ca_section;

pub(super) fn run(context: &mut Context<'_>) -> Result<()> {
    let (request, path) = request::read(context)?;
    deliver::prepare(context)?;
    if context.flags.boolean("initca") {
        let issued = gencert::generate_authority(context, &request).map_err(|error| error.in_file(&path))?;
        return gencert::finish(context, &issued);
    }
    refuse_ca_section(&request).map_err(|error| error.in_file(&path))?;
    let (key, csr, warnings) =
        request::key_and_csr(context, &request).map_err(|error| error.in_file(&path))?;
    context.warn(&warnings)?;
    let key = Some(deliver::key_pem(context, &key)?);
    deliver::made(context, &PemSet { certificate: None, csr: Some(csr.to_pem()), key })
}

//! `cfssl genkey`: a key and a CSR from a request, or with `-initca` a CA.

use super::{Context, deliver, gencert, request};
use crate::Result;
use crate::output::PemSet;
use crate::signer::refuse_ca_section;

pub(super) fn run(context: &mut Context<'_>) -> Result<()> {
    let (request, file) = request::read(context)?;
    deliver::prepare(context)?;
    if context.flags.boolean("initca") {
        let issued = gencert::generate_authority(context, &request).map_err(|error| file.place(error))?;
        return gencert::finish(context, &gencert::in_file(issued, &file));
    }
    refuse_ca_section(&request).map_err(|error| file.place(error))?;
    let (key, csr, warnings) =
        request::key_and_csr(context, &request, &file, false).map_err(|error| file.place(error))?;
    context.warn(&warnings)?;
    let key = Some(deliver::key_pem(context, &key)?);
    deliver::made(context, &PemSet { certificate: None, csr: Some(csr.to_pem()), key })
}

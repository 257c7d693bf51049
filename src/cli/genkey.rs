//! `cfssl genkey`: a key and a CSR from a request, or with `-initca` a CA.

use super::deliver::{self, Delivery};
use super::{Context, gencert, places, request};
use crate::Result;
use crate::output::PemSet;
use crate::signer::refuse_ca_section;

pub(super) fn run(context: &mut Context<'_>) -> Result<()> {
    let (request, file) = request::read(context)?;
    let initca = context.flags.boolean("initca");
    if !initca {
        deliver::refuse_pkcs12(context, "genkey makes one only with -initca")?;
    }
    let delivery =
        Delivery::prepare(context, None, if initca { places::CERTIFIED } else { places::REQUESTED })?;
    if initca {
        return gencert::make_authority(context, &request, &file, delivery);
    }
    refuse_ca_section(&request).map_err(|error| file.place(error))?;
    let (key, csr, warnings) =
        request::key_and_csr(context, &request, &file, false).map_err(|error| file.place(error))?;
    context.warn(&warnings)?;
    let key = Some(deliver::key_pem(context, &key)?);
    deliver::made(context, &PemSet { certificate: None, csr: Some(csr.to_pem()), key })
}

#![no_main]
certmint_fuzz::target!(crl);

#![no_main]
certmint_fuzz::target!(ocsp);

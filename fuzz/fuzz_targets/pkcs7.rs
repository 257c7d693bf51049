#![no_main]
certmint_fuzz::target!(pkcs7);

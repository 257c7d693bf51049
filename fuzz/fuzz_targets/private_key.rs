#![no_main]
certmint_fuzz::target!(private_key);

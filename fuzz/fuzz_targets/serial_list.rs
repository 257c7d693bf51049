#![no_main]
certmint_fuzz::target!(serial_list);

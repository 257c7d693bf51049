//! What servers show.

use super::Bad;
use super::certificate::good;
use crate::audit_support::{Authority, Scene, Shape};

fn server(host: &str, shape: Shape) -> Scene {
    let root = Authority::root("CN=root");
    let der = root.sign(shape);
    Scene::new().server_for(host, &[&der]).trusting(&root.der)
}

pub(crate) const CASES: &[Bad] = &[
    Bad {
        rule: "server-name",
        also: &[],
        says: "\"other.example\" was asked for, and it is for \"node.example.com\"",
        scene: || server("other.example", good()),
    },
    Bad {
        rule: "server-name",
        also: &[],
        says: "\"192.0.2.77\" was asked for",
        scene: || server("192.0.2.77", good()),
    },
];

//! From what bytes hold to evidence.

use super::contents::Contents;
use super::options::ReadOptions;
use crate::inspect::evidence::{
    EtcdMember, Evidence, Found, KubeconfigSettings, Markup, Remark, Source, Unreadable,
};
use std::sync::Arc;

impl Evidence {
    /// Reads `bytes`, which are called `name` (`-` for standard input) and have the permission bits `mode`, and
    /// adds what is in them. False if nothing was found in them; evidence is as it was then.
    pub fn add_bytes(&mut self, name: &str, mode: Option<u32>, bytes: &[u8], options: &ReadOptions) -> bool {
        let contents = Contents::read(bytes, options);
        let is_known = !contents.is_empty();
        self.add(name, mode, contents);
        is_known
    }

    /// Adds what was read from a source; of what holds nothing no source is made.
    pub fn add(&mut self, name: &str, mode: Option<u32>, contents: Contents) {
        let name: Arc<str> = name.into();
        if let Some(reason) = contents.fault {
            self.unreadable.push(Unreadable { name: Arc::clone(&name), reason });
        }
        let Some(container) = contents.container else { return };
        // A source has a file name at least; there is no room for 4 billion of them.
        let source = u32::try_from(self.sources.len()).unwrap_or(u32::MAX);
        self.sources.push(Source { name, container, mode });
        let objects = contents.objects.into_iter();
        self.objects.extend(objects.map(|(place, object)| Found { object, source, place }));
        let members = contents.etcd_members.into_iter();
        self.etcd_members.extend(members.map(|member| EtcdMember { source, ..member }));
        if !contents.markup.is_empty() {
            self.markups.push(Markup { source, lines: contents.markup.into() });
        }
        let kubeconfigs = contents.kubeconfigs.into_iter();
        self.kubeconfigs.extend(kubeconfigs.map(|settings| KubeconfigSettings { source, ..settings }));
        let remarks = contents.remarks.into_iter();
        self.remarks.extend(remarks.map(|(place, message)| Remark { source, place, message }));
    }

    /// Adds that `name` could not be read.
    pub fn add_unreadable(&mut self, name: &str, reason: impl Into<Box<str>>) {
        self.unreadable.push(Unreadable { name: name.into(), reason: reason.into() });
    }
}

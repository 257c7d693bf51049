//! Servers on this machine: one with files, one that says nothing, and the OCSP responder of openssl.

use super::revocation::Place;
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// A file, and how often it was asked for.
type Files = Arc<Mutex<HashMap<String, (Vec<u8>, usize)>>>;

/// A web server with files.
pub(crate) struct Web {
    address: String,
    files: Files,
}

impl Web {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let files: Files = Arc::default();
        let served = Arc::clone(&files);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                answer(stream, &served);
            }
        });
        Self { address, files }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) fn serve(&self, path: &str, content: Vec<u8>) {
        self.files.lock().unwrap().insert(path.to_owned(), (content, 0));
    }

    pub(crate) fn asked(&self, path: &str) -> usize {
        self.files.lock().unwrap()[path].1
    }
}

fn answer(mut stream: TcpStream, files: &Files) {
    let mut request = Vec::new();
    let mut piece = [0; 1024];
    while !request.windows(4).any(|window| window == b"\r\n\r\n") {
        match stream.read(&mut piece) {
            Ok(count @ 1..) => request.extend_from_slice(&piece[..count]),
            _ => return,
        }
    }
    let text = String::from_utf8_lossy(&request);
    let path = text.split(' ').nth(1).unwrap_or_default();
    let answer = match files.lock().unwrap().get_mut(path) {
        Some((content, asked)) => {
            *asked += 1;
            let head =
                format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", content.len());
            [head.as_bytes(), content].concat()
        }
        None => b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_vec(),
    };
    // The other side may have seen enough.
    let _ = stream.write_all(&answer);
}

/// A server that takes connections and says nothing.
pub(crate) struct Silent {
    address: String,
    connections: Arc<AtomicUsize>,
}

impl Silent {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let connections: Arc<AtomicUsize> = Arc::default();
        let counted = Arc::clone(&connections);
        std::thread::spawn(move || {
            let mut kept = Vec::new();
            for stream in listener.incoming().flatten() {
                counted.fetch_add(1, Ordering::SeqCst);
                kept.push(stream);
            }
        });
        Self { address, connections }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

/// The OCSP responder of openssl, which goes by `index.txt`.
pub(crate) struct Responder {
    child: Child,
    port: u16,
}

impl Responder {
    pub(crate) fn start(place: &Place, signer: &str) -> Self {
        let mut child = Command::new("openssl")
            .args(["ocsp", "-index", "index.txt", "-CA", "ca.pem", "-ndays", "1", "-port", "0"])
            .args(["-rsigner", &format!("{signer}.pem"), "-rkey", &format!("{signer}-key.pem")])
            .current_dir(place.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // It says where it listens: ACCEPT [::]:38653 PID=20294
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.split(' ').nth(1).unwrap_or_default();
        let port = address.rsplit(':').next().and_then(|port| port.trim().parse().ok()).unwrap();
        Self { child, port }
    }

    pub(crate) fn url(&self) -> String {
        // Without a slash at the end, which cfssl doubles.
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Drop for Responder {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The URL of a port where nobody listens.
pub(crate) fn url_of_nobody() -> String {
    format!("http://127.0.0.1:{}/", free_port())
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

//! HEP over TLS, to a server of openssl.

use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::follow::Folder;
use crate::support::program;
use crate::tools::tool_is_missing;

#[test]
fn packets_go_to_a_server_whose_certificate_is_trusted_and_to_no_other() {
    let folder = Folder::new();
    let [key, certificate, received] =
        ["key.pem", "certificate.pem", "received"].map(|name| folder.path(name));
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"])
        .args([
            "-addext",
            "subjectAltName=DNS:localhost",
            "-addext",
            "basicConstraints=critical,CA:FALSE",
            "-keyout",
        ])
        .arg(&key)
        .arg("-out")
        .arg(&certificate)
        .stderr(Stdio::null())
        .status();
    match made {
        Ok(status) => assert!(status.success()),
        Err(error) => return tool_is_missing("packets_go_to_a_server", &format_args!("openssl: {error}")),
    }
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut server = Command::new("openssl")
        .args(["s_server", "-quiet", "-accept", &port.to_string(), "-cert"])
        .arg(&certificate)
        .arg("-key")
        .arg(&key)
        // Its input stays open: at its end the server would end.
        .stdin(Stdio::piped())
        .stdout(std::fs::File::create(&received).unwrap())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let end = Instant::now() + Duration::from_secs(30);
    let send = |trusted: &std::path::Path| {
        let target = format!("tls:localhost:{port}");
        program().args(["--demo", "--hep", &target]).env("SSL_CERT_FILE", trusted).output().unwrap()
    };
    let output = loop {
        let output = send(&certificate);
        if output.status.success() || Instant::now() > end {
            break output;
        }
    };
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("357 messages sent to tls:localhost"), "{said}");
    let count = || {
        let bytes = std::fs::read(&received).unwrap();
        bytes.windows(6).filter(|window| window.starts_with(b"HEP3")).count()
    };
    while count() < 357 && Instant::now() < end {
        std::thread::yield_now();
    }
    assert_eq!(count(), 357);
    let output = send(&key);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("0 messages sent"), "{said}");
    assert_eq!(count(), 357);
    let _ = server.kill();
    let _ = server.wait();
}

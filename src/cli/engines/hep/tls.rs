//! The encrypted connection to a receiver.
//!
//! Must not know: packets, which receiver it is.

use std::io;
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

/// An encrypted connection.
pub(super) type Stream = StreamOwned<ClientConnection, TcpStream>;

/// Agrees on keys with the receiver, and checks that it is `host`.
///
/// # Errors
/// If its certificate cannot be trusted; errors of the connection.
pub(super) fn connect(socket: TcpStream, host: &str) -> io::Result<Stream> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(found.certs);
    if roots.is_empty() {
        return Err(io::Error::other(
            "this system has no certificates to trust (SSL_CERT_FILE can name a file)",
        ));
    }
    let config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
    let connection = ClientConnection::new(Arc::new(config), name).map_err(io::Error::other)?;
    let mut stream = StreamOwned::new(connection, socket);
    stream.conn.complete_io(&mut stream.sock)?;
    Ok(stream)
}

/// Says that nothing follows.
///
/// # Errors
/// Errors of the connection.
pub(super) fn close(stream: &mut Stream) -> io::Result<()> {
    stream.conn.send_close_notify();
    while stream.conn.wants_write() {
        stream.conn.write_tls(&mut stream.sock)?;
    }
    stream.sock.shutdown(Shutdown::Write)
}

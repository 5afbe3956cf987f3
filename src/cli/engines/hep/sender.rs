//! Sends packets to a receiver, over a connection that is made again after it failed.
//!
//! Must not know: messages, what a packet contains.

use std::io::{self, Write};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs, UdpSocket};
use std::time::{Duration, Instant};

use super::settings::{Target, Transport};

/// The time that a receiver has to accept a connection, and to take a packet.
const PATIENCE: Duration = Duration::from_secs(3);
/// The time in which a machine answers that it has no such receiver.
const REFUSAL: Duration = Duration::from_millis(50);

/// A connection to a receiver.
#[derive(Debug)]
pub(super) struct Sender {
    target: Target,
    wire: Option<Wire>,
    /// The time between two packets, and when the next one is due.
    pace: Option<(Duration, Instant)>,
}

#[derive(Debug)]
enum Wire {
    Udp(UdpSocket),
    Tcp(TcpStream),
    #[cfg(feature = "tls")]
    Tls(Box<super::tls::Stream>),
}

impl Sender {
    /// Nothing is sent yet. `rate` is the upper limit of packets in a second, if there is one.
    pub(super) fn new(target: Target, rate: Option<u32>) -> Self {
        let pace = rate.map(|rate| (Duration::from_secs(1) / rate.max(1), Instant::now()));
        Self { target, wire: None, pace }
    }

    /// Sends a packet, when it is due.
    ///
    /// # Errors
    /// If the receiver cannot be reached. The next call connects again. Over UDP that is known if its machine refuses the
    /// first datagram; when a receiver goes away later, the datagrams before the refusal are lost.
    pub(super) fn send(&mut self, packet: &[u8]) -> io::Result<()> {
        self.wait_until_due();
        if let Some(mut wire) = self.wire.take() {
            wire.send(packet)?;
            self.wire = Some(wire);
            return Ok(());
        }
        let mut wire = self.connect()?;
        wire.send(packet)?;
        wire.hear_refusal()?;
        self.wire = Some(wire);
        Ok(())
    }

    /// Everything was sent: waits until it is known whether the last packet had a receiver, as far as that can be known.
    ///
    /// # Errors
    /// If it had none.
    pub(super) fn finish(&mut self) -> io::Result<()> {
        let Some(wire) = self.wire.take() else { return Ok(()) };
        wire.hear_refusal()?;
        wire.close()
    }

    fn wait_until_due(&mut self) {
        let Some((time, due)) = &mut self.pace else { return };
        let now = Instant::now();
        if let Some(early) = due.checked_duration_since(now) {
            std::thread::sleep(early);
        }
        // What was not used while nothing was sent is not made up for.
        *due = (*due).max(now) + *time;
    }

    fn connect(&self) -> io::Result<Wire> {
        let Target { transport, host, port } = &self.target;
        let mut failed = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
        for address in (host.as_str(), *port).to_socket_addrs()? {
            match Wire::to(address, *transport, host) {
                Ok(wire) => return Ok(wire),
                Err(error) => failed = error,
            }
        }
        Err(failed)
    }
}

impl Wire {
    fn to(address: SocketAddr, transport: Transport, host: &str) -> io::Result<Self> {
        if transport == Transport::Udp {
            let any: SocketAddr = if address.is_ipv4() { ([0; 4], 0).into() } else { ([0_u16; 8], 0).into() };
            let socket = UdpSocket::bind(any)?;
            // A connected socket hears that there is no receiver.
            socket.connect(address)?;
            return Ok(Self::Udp(socket));
        }
        let stream = TcpStream::connect_timeout(&address, PATIENCE)?;
        stream.set_write_timeout(Some(PATIENCE))?;
        stream.set_read_timeout(Some(PATIENCE))?;
        match transport {
            #[cfg(feature = "tls")]
            Transport::Tls => Ok(Self::Tls(Box::new(super::tls::connect(stream, host)?))),
            _ => {
                let _ = host;
                Ok(Self::Tcp(stream))
            }
        }
    }

    fn send(&mut self, packet: &[u8]) -> io::Result<()> {
        match self {
            Self::Udp(socket) => socket.send(packet).map(drop),
            Self::Tcp(stream) => stream.write_all(packet),
            #[cfg(feature = "tls")]
            Self::Tls(stream) => stream.write_all(packet).and_then(|()| stream.flush()),
        }
    }

    /// Waits until a datagram would have been refused.
    fn hear_refusal(&self) -> io::Result<()> {
        let Self::Udp(socket) = self else { return Ok(()) };
        socket.set_read_timeout(Some(REFUSAL))?;
        // Nobody answers HEP: the only thing that can arrive is the refusal.
        match socket.recv(&mut [0]) {
            Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => Err(error),
            _ => Ok(()),
        }
    }

    fn close(self) -> io::Result<()> {
        match self {
            Self::Udp(_) => Ok(()),
            Self::Tcp(stream) => stream.shutdown(std::net::Shutdown::Write),
            #[cfg(feature = "tls")]
            Self::Tls(mut stream) => super::tls::close(&mut stream),
        }
    }
}

//! `seribu health`: asks the service on this machine whether it is ready. For the health check of a
//! container, which has no other program to ask with.

use std::{
    io::{Read, Write},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, ToSocketAddrs},
    time::Duration,
};

use crate::cli::{Outcome, settings::Environment};

/// To connect, and for each part of the answer.
const LIMIT: Duration = Duration::from_secs(2);
const LONGEST_ANSWER: u64 = 16 << 10;
const QUESTION: &[u8] =
    b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\nConnection: close\r\n\r\n";

pub fn health(environment: &Environment) -> Outcome {
    is_ready(from_here(&environment.listen)?)?;
    println!("ready");
    Ok(())
}

fn is_ready(address: SocketAddr) -> Outcome {
    let answer = ask(address).map_err(|error| format!("{address}: {error}"))?;
    match answer.split_whitespace().nth(1) {
        Some("200") => Ok(()),
        _ => Err(format!("{address} is not ready: {}", answer.lines().last().unwrap_or_default()).into()),
    }
}

/// The address to reach who listens on `listen`: on all addresses means on this machine's own, too.
fn from_here(listen: &str) -> Outcome<SocketAddr> {
    let found = listen.to_socket_addrs().map_err(|error| format!("{listen}: {error}"))?.next();
    let mut address = found.ok_or_else(|| format!("{listen} is no address"))?;
    if address.ip().is_unspecified() {
        let own: IpAddr =
            if address.is_ipv4() { Ipv4Addr::LOCALHOST.into() } else { Ipv6Addr::LOCALHOST.into() };
        address.set_ip(own);
    }
    Ok(address)
}

fn ask(address: SocketAddr) -> std::io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, LIMIT)?;
    stream.set_read_timeout(Some(LIMIT))?;
    stream.set_write_timeout(Some(LIMIT))?;
    stream.write_all(QUESTION)?;
    let mut answer = String::new();
    stream.take(LONGEST_ANSWER).read_to_string(&mut answer)?;
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Read, Write},
        net::TcpListener,
        thread,
    };

    use super::{QUESTION, from_here, is_ready};

    #[test]
    fn who_listens_everywhere_is_asked_here() {
        for (listen, asked) in [
            ("0.0.0.0:8080", "127.0.0.1:8080"),
            ("[::]:8080", "[::1]:8080"),
            ("192.0.2.7:80", "192.0.2.7:80"),
        ] {
            assert_eq!(from_here(listen).unwrap().to_string(), asked);
        }
        assert!(from_here("nowhere").is_err());
    }

    #[test]
    fn only_a_200_is_ready() {
        for (answer, ready) in [
            ("HTTP/1.1 200 OK\r\n\r\n{}", true),
            ("HTTP/1.1 503 Service Unavailable\r\n\r\n{}", false),
            ("", false),
        ] {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            let address = listener.local_addr().unwrap();
            let service = thread::spawn(move || {
                let (mut stream, _) = listener.accept().unwrap();
                let mut asked = vec![0; QUESTION.len()];
                stream.read_exact(&mut asked).unwrap();
                stream.write_all(answer.as_bytes()).unwrap();
                asked
            });
            assert_eq!(is_ready(address).is_ok(), ready, "{answer}");
            assert_eq!(service.join().unwrap(), QUESTION);
        }
    }
}

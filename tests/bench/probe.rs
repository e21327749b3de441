//! The least that the same traffic costs: plain GETs, one thread and one connection for each.

use std::io::{self, BufReader};
use std::net::{SocketAddr, TcpStream};
use std::thread;

use crate::Result;
use crate::wire;

/// Small and always there; the number keeps the proxy's answers apart.
const TARGET: &str = "/moto-api/?probe=";

/// Makes the calls of each wave at once; a wave waits for the one before and takes over its connections.
pub(crate) fn run(address: SocketAddr, waves: &[usize]) -> Result<()> {
    let mut idle: Vec<BufReader<TcpStream>> = Vec::new();
    for (number, size) in waves.iter().enumerate() {
        let calls: Vec<_> = (0..*size)
            .map(|call| {
                let known = idle.pop();
                thread::spawn(move || one(known, address, &format!("{TARGET}{number}-{call}")))
            })
            .collect();
        for call in calls {
            let stream = call.join().map_err(|_| "a call of the probe panicked")?;
            idle.push(stream?);
        }
    }
    Ok(())
}

fn one(
    known: Option<BufReader<TcpStream>>,
    address: SocketAddr,
    target: &str,
) -> io::Result<BufReader<TcpStream>> {
    let mut stream = match known {
        Some(stream) => stream,
        None => BufReader::new(TcpStream::connect(address)?),
    };
    stream.get_ref().set_nodelay(true)?;
    wire::get(&mut stream, target)?;
    Ok(stream)
}

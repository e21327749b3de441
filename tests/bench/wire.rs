//! Just enough HTTP/1.1 for AWS clients that stay on one connection.

use std::io::{self, BufRead, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};

/// A request as it came.
pub(crate) struct Request {
    /// Method and target.
    pub(crate) line: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Request {
    /// The next request of a connection; none if the client has closed it.
    pub(crate) fn read(from: &mut impl BufRead) -> io::Result<Option<Self>> {
        let mut first = String::new();
        if from.read_line(&mut first)? == 0 {
            return Ok(None);
        }
        let headers = headers(from)?;
        let line = first
            .trim_end()
            .strip_suffix(" HTTP/1.1")
            .ok_or_else(|| bad("a request of HTTP/1.1 was expected"))?;
        let mut body = vec![0; length(&headers)?];
        from.read_exact(&mut body)?;
        Ok(Some(Self {
            line: line.to_owned(),
            headers,
            body,
        }))
    }

    /// What the answer depends on; signatures and dates do not matter.
    pub(crate) fn key(&self) -> Vec<u8> {
        let target = header(&self.headers, "x-amz-target").unwrap_or_default();
        [self.line.as_bytes(), target.as_bytes(), &self.body].join(&b'\n')
    }

    /// Asks `server`; the answer is in a form that leaves the connection open.
    pub(crate) fn forward(&self, server: SocketAddr) -> io::Result<Vec<u8>> {
        let mut stream = TcpStream::connect(server)?;
        let mut request = format!("{} HTTP/1.1\r\n", self.line);
        for (name, value) in &self.headers {
            if !name.eq_ignore_ascii_case("connection") {
                request += &format!("{name}: {value}\r\n");
            }
        }
        request += "Connection: close\r\n\r\n";
        let mut request = request.into_bytes();
        request.extend(&self.body);
        stream.write_all(&request)?;
        let mut answer = io::BufReader::new(stream);
        let mut status = String::new();
        answer.read_line(&mut status)?;
        let headers = headers(&mut answer)?;
        let mut body = Vec::new();
        answer.read_to_end(&mut body)?;
        let mut whole = status;
        for (name, value) in &headers {
            let own = ["connection", "content-length"];
            if !own.iter().any(|own| name.eq_ignore_ascii_case(own)) {
                whole += &format!("{name}: {value}\r\n");
            }
        }
        whole += &format!("Content-Length: {}\r\n\r\n", body.len());
        let mut whole = whole.into_bytes();
        whole.extend(body);
        Ok(whole)
    }
}

/// A plain GET on an open connection; the answer is read and thrown away.
pub(crate) fn get(stream: &mut io::BufReader<TcpStream>, target: &str) -> io::Result<()> {
    let request = format!("GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    stream.get_mut().write_all(request.as_bytes())?;
    stream.read_line(&mut String::new())?;
    let size = length(&headers(stream)?)?;
    let mut body = Vec::new();
    stream
        .take(u64::try_from(size).map_err(io::Error::other)?)
        .read_to_end(&mut body)?;
    Ok(())
}

fn headers(from: &mut impl BufRead) -> io::Result<Vec<(String, String)>> {
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        from.read_line(&mut line)?;
        match line.trim_end() {
            "" => return Ok(headers),
            text => {
                let (name, value) = text.split_once(':').ok_or_else(|| bad(text))?;
                headers.push((name.to_owned(), value.trim().to_owned()));
            }
        }
    }
}

fn header<'h>(headers: &'h [(String, String)], wanted: &str) -> Option<&'h str> {
    let found = headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(wanted));
    found.map(|(_, value)| value.as_str())
}

fn length(headers: &[(String, String)]) -> io::Result<usize> {
    if header(headers, "transfer-encoding").is_some() {
        return Err(bad("bodies in chunks are not understood here"));
    }
    let given = header(headers, "content-length").unwrap_or("0");
    given.parse().map_err(|_| bad(given))
}

fn bad(text: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, text)
}

//! A look-alike of the Bring a Trailer web site on loopback.

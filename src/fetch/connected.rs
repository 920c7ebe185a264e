//! When a connection was made: a layer around the client's connector.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Instant;

use tower_layer::Layer;
use tower_service::Service;

/// Notes when the client's latest connection was made. Pacing counts from there: a request cannot have reached its
/// host sooner.
#[derive(Clone, Debug, Default)]
pub struct Connected(Arc<Mutex<Option<Instant>>>);

impl Connected {
    /// The time of the latest connection since the last call, if there was one.
    pub fn take(&self) -> Option<Instant> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn note(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }
}

impl<S> Layer<S> for Connected {
    type Service = Noting<S>;

    fn layer(&self, connector: S) -> Noting<S> {
        Noting { connector, connected: self.clone() }
    }
}

/// A connector that notes when it has connected.
#[derive(Clone, Debug)]
pub struct Noting<S> {
    connector: S,
    connected: Connected,
}

impl<S, R> Service<R> for Noting<S>
where
    S: Service<R>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.connector.poll_ready(context)
    }

    fn call(&mut self, request: R) -> Self::Future {
        let connected = self.connected.clone();
        let connecting = self.connector.call(request);
        Box::pin(async move {
            let connection = connecting.await;
            connected.note();
            connection
        })
    }
}

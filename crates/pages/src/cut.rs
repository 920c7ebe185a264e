//! Cuts the parts worth parsing out of a large page.

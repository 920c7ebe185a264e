//! Places: cities, states, countries.

"""Views: one module for each table that SQL, frames and exports know."""

"""The whole platform on one machine: embedded PostgreSQL and NATS, a local issuer, and one supervisor."""

"""Every SELECT and every lock of puntiluna."""

"""What every service stands on: settings, clock, errors, database, events, tokens, HTTP conventions.

Owns no domain. Imports neither the services nor the gateway. `errors`, `money`, `ids`, `text` are plain Python
and may be used by the rules; everything under `http/` is FastAPI.
"""

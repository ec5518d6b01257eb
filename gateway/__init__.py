"""The only public door of the platform: it forwards `/rest/SERVICE/v1/...` to the four services and holds no domain.

Owns: token check, limits, CORS, request ids, the joined OpenAPI document and its pages. Publishes and listens to no
event; has no database. Every answer of its own that is an error is a problem+json body in Italian.
"""

"""The real programmes of Lombardy replayed through the public API of the platform.

One module is one scenario: it exposes ``NAME``, ``TITLE``, ``REQUIRES`` (scenarios that must be played before it) and
``async def play(stage: Stage) -> None``. A scenario knows only the gateway: it has no access to services or databases.
"""

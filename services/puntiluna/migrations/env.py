"""Alembic environment of puntiluna."""

from chassis.migrations import run_env

run_env("puntiluna")

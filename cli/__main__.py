"""`python -m cli`: the same as `quartieri`, also where the script's path is too long for a shebang line."""

from cli.main import app

app(prog_name="quartieri")

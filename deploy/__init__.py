"""How Quartieri is run: here on one machine (`local`), in containers and on Kubernetes by the files beside."""

"""bandi: calls and applications.

Owns calls (their rules as versioned data), applications and partnerships, admissibility and scores, rankings,
projects and their money: programmato >= ammesso >= impegnato >= erogato >= 0.

Publishes ``bando.pubblicato``, ``domanda.presentata``, ``graduatoria.approvata``, ``progetto.finanziato``,
``progetto.impegnato``, ``progetto.prorogato``, ``progetto.concluso``, ``progetto.revocato``.

Listens to nothing.
"""

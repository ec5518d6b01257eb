"""bandi: calls and applications.

Owns calls (their rules as versioned data), applications and partnerships, admissibility and scores, rankings,
projects and their money by line and partner: programmato >= ammesso >= impegnato >= erogato >= 0; their CUP, approved
plans, expenses, final account, works, spaces, dwellings, results and duties.

Publishes ``bando.pubblicato``, ``domanda.presentata``, ``graduatoria.approvata``, ``progetto.finanziato``,
``progetto.impegnato``, ``progetto.prorogato``, ``progetto.concluso``, ``progetto.revocato``.

Listens to nothing.
"""

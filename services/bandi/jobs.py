"""What time does: unanswered requests expire, files nothing names go, the figures of the service are read."""

from chassis.jobs import Jobs
from chassis.measures import Measures
from services.bandi.queries import cifre
from services.bandi.service import documenti, soccorsi

jobs = Jobs()
measures = Measures()

jobs.every(seconds=600)(documenti.rimuovi_file_orfani)
jobs.every(seconds=15)(soccorsi.fai_scadere_soccorsi)

measures.gauge("bandi_domande", "Applications by state", ("stato",))(cifre.domande_per_stato)
measures.gauge("bandi_soccorsi", "Requests to complete an application by state", ("stato",))(cifre.soccorsi_per_stato)
measures.gauge("bandi_documenti", "Documents presented by format", ("formato",))(cifre.documenti_presentati)
measures.gauge("bandi_progetti", "Projects by state", ("stato",))(cifre.progetti_per_stato)
measures.gauge(
    "bandi_denaro_cent", "Cents of the projects by action of the line and stage of the waterfall", ("azione", "stadio")
)(cifre.denaro_per_azione)
measures.gauge(
    "bandi_denaro_stato_cent",
    "Cents of the projects by state of the project and stage of the waterfall",
    ("stato", "stadio"),
)(cifre.denaro_per_stato)
measures.gauge("bandi_spese_cent", "Cents of the declared expenses by outcome", ("esito",))(cifre.spese_per_esito)
measures.gauge("bandi_da_recuperare_cent", "Cents that final accounts ask back", ())(cifre.da_recuperare)
measures.gauge("bandi_rimodulazioni", "Requests to redraw a plan by state", ("stato",))(cifre.rimodulazioni_per_stato)

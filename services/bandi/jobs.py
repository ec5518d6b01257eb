"""What time does: the figures of the service are read now and then."""

from chassis.measures import Measures
from services.bandi.queries import cifre

measures = Measures()

measures.gauge("bandi_domande", "Applications by state", ("stato",))(cifre.domande_per_stato)
measures.gauge("bandi_progetti", "Projects by state", ("stato",))(cifre.progetti_per_stato)
measures.gauge(
    "bandi_denaro_cent", "Cents of the projects by action of the line and stage of the waterfall", ("azione", "stadio")
)(cifre.denaro_per_azione)

"""What time does: the figures of the service are read now and then."""

from chassis.measures import Measures
from services.laboratori.queries import cifre

measures = Measures()

measures.gauge("laboratori_nuclei", "Registered households", ())(cifre.nuclei)
measures.gauge("laboratori_presenze", "Attendances by state", ("stato",))(cifre.presenze_per_stato)
measures.gauge("laboratori_minuti_confermati", "Minutes of confirmed attendances by tariff band", ("fascia",))(
    cifre.minuti_confermati
)

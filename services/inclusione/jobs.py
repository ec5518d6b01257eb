"""What time does: signed plans start on their first day."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.jobs import Jobs
from chassis.measures import Measures
from services.inclusione.queries import cifre, pagamento, riepilogo, rimborso
from services.inclusione.service import pip

jobs = Jobs()
measures = Measures()

measures.gauge("inclusione_pip", "Plans by state", ("stato",))(cifre.pip_per_stato)
measures.gauge("inclusione_denaro_cent", "Cents of the plans, by what they are", ("voce",))(cifre.denaro_dei_piani)
measures.gauge("inclusione_ore_minuti", "Minutes of hours, direct and indirect, by state", ("tipo", "stato"))(
    riepilogo.minuti_per_tipo
)
measures.gauge("inclusione_rimborsi_cent", "Cents of the claims of operators, by state", ("stato",))(
    rimborso.rimborsi_per_stato
)
measures.gauge("inclusione_iban", "Account numbers, by the key that encrypts them", ("chiave",))(
    pagamento.segreti_per_chiave
)


@jobs.every(seconds=2.0)
async def attiva_piani(session: AsyncSession, now: datetime) -> None:
    """Starts the signed plans whose first day has come."""
    await pip.attiva_piani(session, now=now)

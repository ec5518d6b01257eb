"""Locks: what was read before a lock is read again under it."""

import sqlalchemy as sa

from services.puntiluna.queries import debiti, progetti
from tests.puntiluna.fatti import Mondo
from tests.support.service import ServiceUnderTest


async def test_a_lock_reads_the_row_again_as_it_is_now(puntiluna: ServiceUnderTest) -> None:
    mondo = await Mondo(puntiluna).apri(None)
    famiglia, _ = await mondo.nucleo_moroso(None)
    async with puntiluna.transaction() as session:
        letto = await progetti.progetto(session, mondo.progetto_id)
        casa = await debiti.nucleo(session, famiglia)
        assert letto is not None
        assert casa is not None
        async with puntiluna.transaction() as altra:
            await altra.execute(
                sa.text("UPDATE progetto SET stato = 'concluso' WHERE progetto_id = :p"), {"p": mondo.progetto_id}
            )
            await altra.execute(sa.text("UPDATE nucleo SET versione = 7 WHERE nucleo_id = :n"), {"n": famiglia})
        bloccato = await progetti.blocca_progetto(session, mondo.progetto_id)
        casa_bloccata = await debiti.blocca_nucleo(session, famiglia)
        assert (bloccato is letto, casa_bloccata is casa) == (True, True)
        assert [letto.stato, casa.versione] == ["concluso", 7]

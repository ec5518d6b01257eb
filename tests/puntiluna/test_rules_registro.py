"""Rules of the ledger: double entry, accounts, seals."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.italian import ROMA
from services.puntiluna.rules import (
    registro,
)
from services.puntiluna.rules.registro import (
    Causa,
    Conto,
    Libro,
    Movimento,
    MovimentoScritto,
    Riga,
    RigaScritta,
    TipoConto,
)

ORA = datetime(2019, 5, 20, 9, 0, tzinfo=UTC)


def conto(tipo: TipoConto = TipoConto.NUCLEO, libro: Libro = Libro.PUNTI, titolare: str = "a") -> Conto:
    return Conto(libro, tipo, titolare)


A, B, C = conto(titolare="a"), conto(titolare="b"), conto(titolare="c")


@pytest.mark.parametrize(
    ("righe", "regola"),
    [
        ((Riga(A, 5),), "almeno due"),
        ((Riga(A, 5), Riga(B, -4)), "sommano a zero"),
        ((Riga(A, 0), Riga(B, 0)), "zero"),
        ((Riga(A, 5), Riga(A, -5)), "una volta sola"),
        ((Riga(A, 5), Riga(conto(libro=Libro.QUOTE), -5)), "stesso libro"),
    ],
)
def test_what_is_not_a_double_entry_is_refused_with_the_rule(righe: tuple[Riga, ...], regola: str) -> None:
    with pytest.raises(registro.MovimentoNonValido, match=regola):
        registro.controlla_movimento(Movimento(uuid4(), Libro.PUNTI, Causa.ACCREDITO, "k", righe, ORA))


def test_moving_nothing_is_refused() -> None:
    with pytest.raises(registro.MovimentoNonValido):
        registro.sposta(A, B, 0)


def test_an_account_is_the_same_wherever_it_is_named() -> None:
    assert A.conto_id == registro.conto_id_di("punti", "nucleo", "a")
    assert len({A.conto_id, conto(TipoConto.DONATORE).conto_id, conto(libro=Libro.QUOTE).conto_id}) == 3


def scritto(importo: int = 5, numero: int = 1) -> MovimentoScritto:
    return MovimentoScritto(
        movimento_id=UUID(int=numero),
        libro="punti",
        causa="accredito",
        chiave=f"k{numero}",
        evento_origine=None,
        storna=None,
        accaduto_il=ORA,
        registrato_il=ORA,
        dettaglio={"voce": "base", "minuti": 60},
        righe=(RigaScritta(A.conto_id, importo), RigaScritta(B.conto_id, -importo)),
    )


def test_the_seal_does_not_depend_on_the_order_of_lines_or_details_nor_on_the_time_zone() -> None:
    uno = scritto()
    roma = ORA.astimezone(ROMA)
    altro = replace(
        uno, righe=uno.righe[::-1], dettaglio={"minuti": 60, "voce": "base"}, accaduto_il=roma, registrato_il=roma
    )
    assert registro.forma_canonica(uno) == registro.forma_canonica(altro)


@given(st.integers(2, 12), st.data())
def test_any_change_of_a_sealed_movement_is_found_at_its_link(quanti: int, dati: st.DataObject) -> None:
    movimenti = [scritto(numero=numero) for numero in range(1, quanti + 1)]
    sigilli = registro.incatena("punti", 0, registro.PRIMO_ANELLO, movimenti)
    catena: list[tuple[registro.Sigillo, MovimentoScritto | None]] = list(zip(sigilli, movimenti, strict=True))
    assert registro.primo_anello_rotto("punti", 0, registro.PRIMO_ANELLO, catena) is None
    quale = dati.draw(st.integers(0, quanti - 1))
    guasto = dati.draw(
        st.sampled_from(
            [
                (sigilli[quale], scritto(6, quale + 1)),
                (sigilli[quale], None),
                (sigilli[quale], replace(movimenti[quale], chiave="altra")),
                (sigilli[quale], replace(movimenti[quale], righe=movimenti[quale].righe[:1])),
                (replace(sigilli[quale], hash="f" * 64), movimenti[quale]),
                (replace(sigilli[quale], prev="f" * 64), movimenti[quale]),
                (replace(sigilli[quale], n=99), movimenti[quale]),
            ]
        )
    )
    catena[quale] = guasto
    rotto = registro.primo_anello_rotto("punti", 0, registro.PRIMO_ANELLO, catena)
    assert rotto is not None
    assert rotto.n == quale + 1

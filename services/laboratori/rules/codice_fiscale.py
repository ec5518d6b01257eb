"""The tax code: its form, its control character, what it tells of a person."""

from datetime import date

from stdnum.exceptions import ValidationError
from stdnum.it import codicefiscale

from chassis.errors import Refusal
from services.laboratori.rules.persone import Genere


class CodiceFiscaleNonValido(Refusal):
    """The tax code is malformed or its check character is wrong."""

    status = 422
    title = "Codice fiscale non valido"


class CodiceFiscaleIncoerente(Refusal):
    """The tax code tells another birth date or gender than the person's."""

    status = 422
    title = "Codice fiscale incoerente"


def normalizza_codice_fiscale(testo: str) -> str:
    """Put a tax code in its canonical form and check its control character.

    The sixteen-character code (also with the letters of homocody) and the eleven-digit provisional one are accepted.

    Args:
        testo: the code, blanks and lower case allowed.

    Returns:
        The code in capitals without blanks.

    Raises:
        CodiceFiscaleNonValido: malformed, or wrong check character.

    Source: DOMAIN laboratori, codice fiscale optional and validated; D.M. 23 December 1976.
    """
    try:
        return str(codicefiscale.validate(testo))
    except ValidationError as error:
        raise CodiceFiscaleNonValido(
            "Il codice fiscale non è valido: il formato o il carattere di controllo non tornano.",
            field="codice_fiscale",
            remedy="Ricopiarlo dalla tessera sanitaria, oppure lasciarlo vuoto: si può aggiungere dopo.",
        ) from error


_OMOCODIA = str.maketrans("LMNPQRSTUV", "0123456789")


_MESI = "ABCDEHLMPRST"


def verifica_codice_fiscale(codice: str, *, data_nascita: date, genere: Genere | None) -> None:
    """Check that a tax code tells the same birth date, and gender, as the person's record.

    Args:
        codice: canonical tax code; an eleven-digit provisional one tells nothing and passes.
        data_nascita: the person's birth date.
        genere: the person's gender; compared only when woman or man.

    Raises:
        CodiceFiscaleIncoerente: it belongs to somebody else.

    Source: D.M. 23 December 1976: two digits of the year, letter of the month, day plus 40 for women.
    """
    if len(codice) != 16:
        return
    giorno = int(codice[9:11].translate(_OMOCODIA))
    anno = int(codice[6:8].translate(_OMOCODIA))
    mese = _MESI.index(codice[8]) + 1
    donna = giorno > 40
    if (anno, mese, giorno % 40) != (data_nascita.year % 100, data_nascita.month, data_nascita.day):
        raise CodiceFiscaleIncoerente(
            "La data di nascita non è quella che dice il codice fiscale.",
            field="codice_fiscale",
            remedy="Controllare la data di nascita e il codice sul documento.",
        )
    if genere in (Genere.DONNA, Genere.UOMO) and donna is not (genere is Genere.DONNA):
        raise CodiceFiscaleIncoerente(
            "Il genere non è quello che dice il codice fiscale.",
            field="genere",
            remedy="Controllare il documento; se la persona dichiara altro, lasciare vuoto il codice o indicare altro.",
        )

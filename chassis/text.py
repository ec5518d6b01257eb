"""One text type for the whole platform: NFC, no NUL or other control characters, no lone surrogates, trimmed.

Postgres refuses NUL and lone surrogates, and two spellings of one accented letter would compare as different:
text is brought to one form where it enters.
"""

import re
import unicodedata

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def clean_text(value: str) -> str:
    """Returns the text in NFC without outer blanks.

    Raises:
        ValueError: the text holds a control character or a lone surrogate.
    """
    if _CONTROL.search(value):
        raise ValueError("il testo contiene caratteri di controllo o non validi")
    return unicodedata.normalize("NFC", value).strip()

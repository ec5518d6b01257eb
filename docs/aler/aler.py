"""Cliente di riferimento per gli enti proprietari: un file solo, serve soltanto httpx. Si avvia o si importa.

Verifica tutto cio' che riceve (Content-Digest, firma EdDSA, impronta) prima di toccare il gestionale dell'ente.
"""

import argparse
import asyncio
import base64
import csv
import hashlib
import json
import os
import sys
import uuid
from typing import Any

import httpx

ESITI = ("protocollo", "esito", "importo", "motivo", "riferimento")


class Alterato(Exception):
    """Cio' che e' arrivato non e' cio' che la piattaforma ha firmato: non va registrato nulla."""


class Rifiutato(Exception):
    """La piattaforma ha rifiutato: `problema` e' il documento RFC 9457 con il rimedio."""

    def __init__(self, stato: int, problema: dict[str, Any]) -> None:
        super().__init__(f"{stato} {problema.get('detail', '')} {problema.get('rimedio', '')}".strip())
        self.stato, self.problema = stato, problema


class Aler:
    """L'ente proprietario davanti alla piattaforma: `http` ha gia' indirizzo di base e intestazione Authorization."""

    def __init__(self, http: httpx.AsyncClient, ente: str) -> None:
        self.http, self.ente = http, ente

    async def invia_debiti(self, contenuto: bytes, *, tipo: str, al_giorno: str) -> dict[str, Any]:
        """Invia una rilevazione in CSV: tutta o niente. Ogni invio e' un atto nuovo, anche se il file e' lo stesso."""
        parametri = {"tipo": tipo, "al_giorno": al_giorno}
        return await self._manda("debiti/rilevazioni/csv", contenuto, "text/csv", parametri)

    async def preleva(self) -> dict[str, Any] | None:
        """Preleva il lotto da rispondere, verificato; None quando non c'e' nulla."""
        risposta = await self.http.post("lotti")
        corpo = self._letta(risposta)
        if risposta.headers.get("content-digest") != digest(risposta.content):
            raise Alterato("il corpo non ha l'impronta dichiarata in Content-Digest")
        lotto: dict[str, Any] | None = corpo["lotto"]
        if lotto is not None:
            self.verifica(lotto, self._letta(await self.http.get("chiavi")))
        return lotto

    def verifica(self, lotto: dict[str, Any], chiavi: dict[str, Any]) -> None:
        """Controlla che il lotto sia, riga per riga, quello firmato, e che sia di questo ente."""
        firmato = json.loads(verifica_jws(lotto["firma"], chiavi))
        righe = [{n: riga[n] for n in ("contratto_codice", "importo", "protocollo")} for riga in lotto["righe"]]
        attesi = [firmato[nome] for nome in ("ente_proprietario", "lotto_id", "numero", "righe")]
        if attesi != [self.ente, lotto["lotto_id"], lotto["numero"], righe]:
            raise Alterato("il lotto non e' quello firmato")
        testo = [f"{self.ente}|{lotto['numero']}"]
        testo += [f"{r['protocollo']}|{r['contratto_codice']}|{r['importo']}" for r in righe]
        if hashlib.sha256("\n".join(testo).encode()).hexdigest() != lotto["impronta"]:
            raise Alterato("l'impronta del lotto non torna")

    async def rispondi(self, lotto: dict[str, Any], righe: list[dict[str, Any]], **altro: Any) -> list[dict[str, Any]]:
        """Risponde a righe di un lotto, in una volta o in piu' volte; da' l'esito di ciascuna."""
        corpo = json.dumps({"impronta": lotto["impronta"], "righe": righe} | altro).encode()
        esito = await self._manda(f"lotti/{lotto['lotto_id']}/risposte", corpo, "application/json")
        esiti: list[dict[str, Any]] = esito["righe"]
        return esiti

    async def riconcilia(self, dal: str, al: str, righe: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Invia cio' che l'ente ha registrato in un periodo; da' ogni differenza con l'atto proposto."""
        corpo = json.dumps({"dal": dal, "al": al, "righe": righe}).encode()
        fatta = await self._manda("riconciliazioni", corpo, "application/json")
        differenze: list[dict[str, Any]] = []
        cursore: str | None = None
        while True:
            parametri = {"limit": "500"} | ({"cursor": cursore} if cursore else {})
            percorso = f"riconciliazioni/{fatta['riconciliazione_id']}/differenze"
            pagina = self._letta(await self.http.get(percorso, params=parametri))
            differenze += pagina["items"]
            cursore = pagina["cursor"]
            if cursore is None:
                return differenze

    async def _manda(
        self, percorso: str, corpo: bytes, tipo: str, parametri: dict[str, str] | None = None
    ) -> dict[str, Any]:
        """Invia con impronta e chiave nuova; rete interrotta, 429 e 503: la stessa richiesta, con la stessa chiave."""
        intestazioni = {"Content-Type": tipo, "Content-Digest": digest(corpo), "Idempotency-Key": str(uuid.uuid4())}
        for secondi in (1, 2, 4, 8):
            try:
                risposta = await self.http.post(percorso, content=corpo, params=parametri, headers=intestazioni)
            except httpx.TransportError:
                await asyncio.sleep(secondi)
                continue
            if risposta.status_code not in (429, 502, 503, 504):
                return self._letta(risposta)
            await asyncio.sleep(float(risposta.headers.get("retry-after", secondi)))
        return self._letta(await self.http.post(percorso, content=corpo, params=parametri, headers=intestazioni))

    @staticmethod
    def _letta(risposta: httpx.Response) -> dict[str, Any]:
        corpo: dict[str, Any] = risposta.json()
        if not risposta.is_success:
            raise Rifiutato(risposta.status_code, corpo)
        return corpo


def digest(corpo: bytes) -> str:
    """Content-Digest (RFC 9530) di un corpo."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(corpo).digest()).decode()}:"


def verifica_jws(jws: str, chiavi: dict[str, Any]) -> bytes:
    """Verifica un JWS compatto EdDSA con le chiavi pubblicate; da' il contenuto firmato."""
    testa, corpo, firma = jws.split(".")
    intestazione = json.loads(_b64(testa))
    chiave = next((k for k in chiavi["keys"] if k["kid"] == intestazione.get("kid")), None)
    if chiave is None or intestazione.get("typ") != "quartieri-lotto+jws":
        raise Alterato("la firma non e' di un lotto, o la chiave non e' della piattaforma")
    if intestazione.get("alg") != "EdDSA" or chiave.get("crv") != "Ed25519":
        raise Alterato("algoritmo diverso da EdDSA: verificare con una libreria JOSE")
    if not ed25519(_b64(chiave["x"]), f"{testa}.{corpo}".encode(), _b64(firma)):
        raise Alterato("la firma non e' valida")
    return _b64(corpo)


def _b64(testo: str) -> bytes:
    return base64.urlsafe_b64decode(testo + "=" * (-len(testo) % 4))


P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def ed25519(chiave: bytes, messaggio: bytes, firma: bytes) -> bool:
    """Verifica una firma Ed25519 (RFC 8032) con la sola aritmetica di Python."""
    a, r, s = _punto(chiave), _punto(firma[:32]), int.from_bytes(firma[32:], "little")
    b = _punto((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
    if a is None or r is None or b is None or len(firma) != 64 or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(firma[:32] + chiave + messaggio).digest(), "little") % L
    return _uguali(_per(s, b), _somma(r, _per(h, a)))


Punto = tuple[int, int, int, int]


def _somma(p: Punto, q: Punto) -> Punto:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _per(n: int, p: Punto) -> Punto:
    q: Punto = (0, 1, 1, 0)
    while n:
        if n & 1:
            q = _somma(q, p)
        p, n = _somma(p, p), n >> 1
    return q


def _uguali(p: Punto, q: Punto) -> bool:
    return (p[0] * q[2] - q[0] * p[2]) % P == 0 and (p[1] * q[2] - q[1] * p[2]) % P == 0


def _punto(testo: bytes) -> Punto | None:
    y = int.from_bytes(testo, "little")
    segno, y = y >> 255, y & ((1 << 255) - 1)
    quadrato = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(quadrato, (P + 3) // 8, P)
    if (x * x - quadrato) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or (x * x - quadrato) % P or (x == 0 and segno):
        return None
    x = P - x if x & 1 != segno else x
    return x, y, 1, x * y % P


async def esegui(argomenti: argparse.Namespace, http: httpx.AsyncClient) -> None:
    """Un comando: cio' che entra e' un file, cio' che esce e' CSV o JSON sullo standard output."""
    aler = Aler(http, argomenti.ente)
    if argomenti.comando == "debiti":
        with open(argomenti.file, "rb") as file:
            print(json.dumps(await aler.invia_debiti(file.read(), tipo=argomenti.tipo, al_giorno=argomenti.al)))
        return
    if argomenti.comando == "riconcilia":
        with open(argomenti.file, encoding="utf-8", newline="") as testo:
            righe = [riga | {"protocollo": int(riga["protocollo"])} for riga in csv.DictReader(testo)]
        for differenza in await aler.riconcilia(argomenti.dal, argomenti.al, righe):
            print(json.dumps(differenza))
        return
    lotto = await aler.preleva()
    if lotto is None:
        print("nulla da rispondere", file=sys.stderr)
    elif argomenti.comando == "lotto":
        uscita = csv.DictWriter(sys.stdout, ("protocollo", "contratto_codice", "importo"), extrasaction="ignore")
        uscita.writeheader()
        uscita.writerows(riga for riga in lotto["righe"] if riga["stato"] == "prenotata")
    else:
        with open(argomenti.file, encoding="utf-8", newline="") as testo:
            lette = [{n: v for n, v in riga.items() if n in ESITI and v} for riga in csv.DictReader(testo)]
        for esito in await aler.rispondi(lotto, [r | {"protocollo": int(r["protocollo"])} for r in lette]):
            print(f"{esito['protocollo']}: {esito['esito']}")


async def main(parole: list[str]) -> None:
    """`python aler.py --ente ALER-... COMANDO`; QUARTIERI_API e QUARTIERI_TOKEN nell'ambiente."""
    lettore = argparse.ArgumentParser(description="Cliente di riferimento per gli enti proprietari")
    lettore.add_argument("--ente", required=True, help="codice dell'ente, come nel token")
    comandi = lettore.add_subparsers(dest="comando", required=True)
    debiti, _, risposte, riconcilia = (comandi.add_parser(n) for n in ("debiti", "lotto", "risposte", "riconcilia"))
    debiti.add_argument("--tipo", choices=("completa", "parziale"), required=True)
    debiti.add_argument("--al", required=True, help="giorno degli importi, AAAA-MM-GG")
    riconcilia.add_argument("--dal", required=True)
    riconcilia.add_argument("--al", required=True)
    for con_file in (debiti, risposte, riconcilia):
        con_file.add_argument("file")
    base, token = os.environ["QUARTIERI_API"].rstrip("/") + "/", os.environ["QUARTIERI_TOKEN"]
    async with httpx.AsyncClient(base_url=base, headers={"Authorization": f"Bearer {token}"}, timeout=60) as http:
        await esegui(lettore.parse_args(parole), http)


if __name__ == "__main__":
    try:
        asyncio.run(main(sys.argv[1:]))
    except (Alterato, Rifiutato) as errore:
        sys.exit(str(errore))

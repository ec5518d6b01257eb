"""The environment the gateway accepts."""

from typing import Any

import pytest

from chassis.settings import SettingsError
from gateway.settings import load_gateway_settings

GOOD = {
    "ISSUER_URL": "https://accesso.example.it",
    "JWKS_URL": "https://accesso.example.it/jwks",
    "PUBLIC_URL": "https://quartieri.example.it/",
}


def test_the_documented_variables_are_read() -> None:
    settings = load_gateway_settings(
        GOOD
        | {
            "BANDI_URL": "http://bandi:8001/",
            "CORS_ORIGINS": "https://a.example.it, https://b.example.it",
            "RATE_LIMIT_PER_SECOND": "7.5",
            "RATE_LIMIT_BURST": "9",
            "MAX_BODY_BYTES": "2048",
            "UPSTREAM_TIMEOUT_S": "3",
            "AUDIENCE": "altra",
            "TRUSTED_PROXIES": "10.0.0.0/8,fd00::/8",
        }
    )
    assert settings.upstreams["bandi"] == "http://bandi:8001"
    assert settings.cors_origins == ("https://a.example.it", "https://b.example.it")
    assert (settings.rate_limit_per_second, settings.rate_limit_burst) == (7.5, 9)
    assert (settings.max_body_bytes, settings.upstream_timeout_s, settings.audience) == (2048, 3.0, "altra")
    assert [str(network) for network in settings.trusted_proxies] == ["10.0.0.0/8", "fd00::/8"]
    assert settings.public_url == "https://quartieri.example.it"
    assert not settings.is_local


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"JWKS_URL": "http://accesso.example.it/jwks"}, "JWKS_URL"),
        ({"CORS_ORIGINS": "*"}, "CORS_ORIGINS"),
        ({"CORS_ORIGINS": "https://a.example.it/pagina"}, "CORS_ORIGINS"),
        ({"CORS_ORIGINS": "a.example.it"}, "CORS_ORIGINS"),
        ({"PUBLIC_URL": ""}, "PUBLIC_URL"),
        ({"BANDI_URL": "bandi:8001"}, "BANDI_URL"),
        ({"BANDI_URL": "http://utente:segreto@bandi:8001"}, "BANDI_URL"),
        ({"RATE_LIMIT_PER_SECOND": "0"}, "RATE_LIMIT_PER_SECOND"),
        ({"RATE_LIMIT_BURST": "dieci"}, "RATE_LIMIT_BURST"),
        ({"MAX_BODY_BYTES": "1"}, "MAX_BODY_BYTES"),
        ({"UPSTREAM_TIMEOUT_S": "-1"}, "UPSTREAM_TIMEOUT_S"),
        ({"TRUSTED_PROXIES": "tutti"}, "TRUSTED_PROXIES"),
    ],
)
def test_a_wrong_variable_is_named_and_its_value_is_not_shown(changed: dict[str, Any], named: str) -> None:
    with pytest.raises(SettingsError) as refused:
        load_gateway_settings(GOOD | changed)
    assert named in str(refused.value)
    assert "segreto" not in str(refused.value)


def test_a_local_platform_has_wider_limits_unless_told_otherwise() -> None:
    local = {**GOOD, "QUARTIERI_ENV": "local"}
    assert load_gateway_settings(local).rate_limit_burst > load_gateway_settings(GOOD).rate_limit_burst
    assert load_gateway_settings(local | {"RATE_LIMIT_BURST": "5"}).rate_limit_burst == 5

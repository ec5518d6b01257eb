"""publiccode.yml against the standard 0.7: required keys, controlled words, lengths."""

import re
from typing import Any

import yaml

from tests.deploy.manifests import ROOT

# The controlled vocabularies of the standard, as far as this file uses them.
CATEGORIES = {
    "business-process-management", "data-analytics", "digital-citizenship", "event-management", "financial-reporting",
    "grant-management", "project-management", "time-tracking", "workflow-management",
}  # fmt: skip
SCOPES = {"employment", "finance-and-economic-development", "local-authorities", "society", "welfare"}
TYPES = {"standalone/backend", "standalone/web", "standalone/other", "library"}
STATES = {"concept", "development", "beta", "stable", "obsolete"}
KEYS = {
    "publiccodeYmlVersion", "name", "applicationSuite", "url", "landingURL", "isBasedOn", "softwareVersion",
    "releaseDate", "logo", "organisation", "fundedBy", "platforms", "categories", "usedBy", "roadmap",
    "developmentStatus", "softwareType", "intendedAudience", "description", "legal", "maintenance", "localisation",
    "dependsOn", "supports", "IT",
}  # fmt: skip
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")


def publiccode() -> dict[str, Any]:
    """The file."""
    found: dict[str, Any] = yaml.safe_load((ROOT / "publiccode.yml").read_text("utf-8"))
    return found


def test_every_required_key_is_there_and_no_unknown_one() -> None:
    found = publiccode()
    assert found["publiccodeYmlVersion"] == "0.7"
    assert found.keys() <= KEYS
    required = {
        "name", "url", "platforms", "developmentStatus", "softwareType", "description", "legal", "maintenance",
        "localisation",
    }  # fmt: skip
    assert required <= found.keys()
    assert re.match(r"https://\S+", found["url"])
    assert found["organisation"]["name"]
    assert re.match(r"(https://|urn:)\S+", found["organisation"]["uri"])
    assert found["platforms"]
    assert set(found["categories"]) <= CATEGORIES
    assert set(found["intendedAudience"]["scope"]) <= SCOPES
    assert all(re.fullmatch("[A-Z]{2}", country) for country in found["intendedAudience"]["countries"])
    assert found["developmentStatus"] in STATES
    assert found["softwareType"] in TYPES


def test_each_language_has_a_short_and_a_long_description_of_allowed_length_and_features() -> None:
    described = publiccode()["description"]
    assert {"it", "en"} <= described.keys()
    for language, text in described.items():
        assert LANGUAGE.fullmatch(language)
        assert 1 <= len(text["shortDescription"]) <= 150
        assert "\n" not in text["shortDescription"].strip()
        assert 150 <= len(text["longDescription"]) <= 10_000
        assert 5 <= len(text["features"]) <= 20


def test_licence_maintenance_and_languages_are_told_as_the_standard_asks() -> None:
    found = publiccode()
    assert found["legal"]["license"] == "EUPL-1.2"
    assert (ROOT / "LICENSE").read_text("utf-8").startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
    maintenance = found["maintenance"]
    assert maintenance["type"] in {"internal", "community"}
    assert all(contact["name"] for contact in maintenance["contacts"])
    assert maintenance["contacts"]
    assert "contractors" not in maintenance
    assert isinstance(found["localisation"]["localisationReady"], bool)
    assert all(LANGUAGE.fullmatch(language) for language in found["localisation"]["availableLanguages"])
    for dependency in found["dependsOn"]["open"]:
        assert dependency["name"]
        assert dependency.keys() <= {"name", "version", "versionMin", "versionMax", "optional"}
        assert all(isinstance(value, str) for key, value in dependency.items() if key.startswith("version"))
    assert all(re.match(r"(https://|urn:|alias:)\S+", item["id"]) for item in found["supports"])

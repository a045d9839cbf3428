"""Who asks to be called is told from who only tells something."""

import pytest

from ges_connector.language.requesting import asks_to_be_called


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en-GB", "call me on Friday at 3, my window is broken"),
        ("de-DE", "meine Heizung geht nicht, rufen Sie mich morgen an"),
        ("es-ES", "llámeme mañana, no funciona la calefacción"),
        ("fr-FR", "rappelez-moi demain, le chauffage ne marche plus"),
    ],
)
def test_who_asks_for_a_call_beside_what_is_broken_asks_for_one(locale: str, text: str) -> None:
    assert asks_to_be_called(text, locale)


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en-GB", "my boiler broke on Friday at 3"),
        ("de-DE", "seit Freitag ist die Heizung kaputt"),
        ("es-ES", "la ventana se rompió el viernes"),
        ("fr-FR", "la fenêtre est cassée depuis vendredi"),
        ("en-GB", ""),
        ("xx", "call me"),
    ],
)
def test_who_tells_what_is_broken_asks_for_none(locale: str, text: str) -> None:
    assert not asks_to_be_called(text, locale)

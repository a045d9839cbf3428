"""What is said beside the question, in the words of four languages."""

from __future__ import annotations

import pytest

from ges_connector.language.remarks import Remark, remark_in

SAID = {
    Remark.MY_NUMBER: {
        "en": ["Which number do you have of mine?", "which number do you have"],
        "de": ["welche nummer habt ihr von mir"],
        "fr": ["c'est quel numéro que vous avez ?", "quel numéro avez-vous de moi"],
        "es": ["¿qué número tienen?"],
    },
    Remark.CALLED_NUMBER: {
        "en": ["what number will you call", "which number are you calling?"],
        "de": ["unter welcher Nummer rufen Sie mich an, welche Nummer haben Sie"],
        "fr": ["vous m'appelez sur quel numéro ?"],
        "es": ["¿a qué número me van a llamar?"],
    },
    Remark.WHY_NUMBER: {
        "en": ["why do you need my number?"],
        "de": ["wozu brauchen Sie meine Nummer?"],
        "fr": ["pourquoi vous voulez mon numéro ?"],
        "es": ["¿para qué quieren mi número?"],
    },
    Remark.WHY: {
        "en": ["why?", "why do you need it"],
        "de": ["warum?", "wozu brauchen Sie das?"],
        "fr": ["pourquoi ?"],
        "es": ["¿por qué?", "¿para qué?"],
    },
    Remark.WAIT: {
        "en": ["how long is the wait", "hang on, how long is the wait?"],
        "de": ["Moment, wie lange muss ich warten?"],
        "fr": ["attendez, combien de temps d'attente ?"],
        "es": ["¿cuál es el tiempo de espera?"],
    },
    Remark.REFERENCE: {
        "en": ["what's my reference number", "reference please"],
        "de": ["wie ist meine Vorgangsnummer?", "die Referenz nochmal bitte"],
        "fr": ["quelle est ma référence ?"],
        "es": ["¿cuál es mi referencia?"],
    },
    Remark.WHO_CALLS: {
        "en": ["who will call me?", "which number are you calling from"],
        "de": ["wer ruft mich an?", "von welcher Nummer rufen Sie an"],
        "fr": ["qui va m'appeler ?", "qui me rappelle"],
        "es": ["¿quién me va a llamar?"],
    },
    Remark.COST: {
        "en": ["will it cost anything?", "is it free of charge"],
        "de": ["kostet das was?", "ist das kostenlos"],
        "fr": ["est-ce que ça coûte quelque chose", "c'est gratuit ?"],
        "es": ["¿me cuesta algo?", "¿es gratis?"],
    },
    Remark.NOT_KNOWN: {
        "en": ["is it recorded?", "are calls recorded", "please delete my data"],
        "de": ["wird das aufgezeichnet?", "löschen Sie meine Daten"],
        "fr": ["est-ce que c'est enregistré ?", "supprimez mes données"],
        "es": ["¿se graba la llamada?", "borre mis datos"],
    },
    Remark.HUMAN: {
        "en": ["can i speak to a human now", "I want to talk to a real person"],
        "de": ["ich will mit einem Menschen sprechen", "verbinden Sie mich mit einem Mitarbeiter"],
        "fr": ["je veux parler à un conseiller", "passez-moi quelqu'un"],
        "es": ["quiero hablar con una persona", "póngame con un agente"],
    },
    Remark.KEEP: {
        "en": ["keep it as it was", "leave it the way it is", "don't change anything"],
        "de": ["lass es wie es ist", "alles beim Alten lassen"],
        "fr": ["touchez à rien", "laissez comme c'était"],
        "es": ["déjala como estaba", "no toquen nada"],
    },
    Remark.NOT_NEEDED: {
        "en": ["I don't need it anymore", "actually it's sorted now", "it sorted itself out"],
        "de": ["brauch ich nicht mehr", "hat sich erledigt", "ihr braucht nicht mehr anrufen"],
        "fr": ["je n'en ai plus besoin", "plus la peine", "c'est réglé entre-temps"],
        "es": ["ya no la necesito", "ya no hace falta", "ya se ha solucionado"],
    },
    Remark.FORGET: {
        "en": ["actually forget it", "scrap that"],
        "de": ["vergessen Sie's", "vergiss es"],
        "fr": ["oubliez", "laissez tomber"],
        "es": ["olvídelo", "olvídalo"],
    },
    Remark.MISSED: {
        "en": [
            "and what if I miss the call?",
            "what happens if I can't answer",
            "do you try again",
        ],
        "de": ["was ist, wenn ich nicht rangehe?", "und wenn ich den Anruf verpasse"],
        "fr": ["et si je ne réponds pas ?", "que se passe-t-il si je rate l'appel"],
        "es": ["¿y si no contesto?", "¿qué pasa si pierdo la llamada?"],
    },
    Remark.OPENING: {
        "en": ["what are your opening hours?", "when do you open"],
        "de": ["wann haben Sie geöffnet?"],
        "fr": ["quels sont vos horaires ?"],
        "es": ["¿cuál es su horario?"],
    },
    Remark.THINKING: {
        "en": ["let me think", "hold on a sec", "give me a minute"],
        "de": ["ich muss überlegen", "einen Moment bitte"],
        "fr": ["laissez-moi réfléchir", "un instant"],
        "es": ["déjeme pensarlo", "un momento"],
    },
    Remark.THIS_NUMBER: {
        "en": ["it's my number, the one I'm calling from", "this number"],
        "de": ["die, von der ich gerade anrufe", "diese Nummer"],
        "fr": ["celui d'où j'appelle", "ce numéro"],
        "es": ["el mismo desde el que llamo", "este número"],
    },
    Remark.WHEN: {
        "en": ["when was that again", "how much longer?", "so when will you call"],
        "de": ["wann war das nochmal", "wann ungefähr?", "wann rufen Sie denn an?"],
        "fr": ["c'était quand déjà", "dans combien de temps", "vous m'appelez quand ?"],
        "es": ["¿cuándo es?", "¿cuánto falta?", "¿cuándo me llaman?"],
    },
    Remark.NO_PREFERENCE: {
        "en": ["you pick", "doesn't matter", "whatever"],
        "de": ["egal", "suchen Sie einen aus", "mir wurscht"],
        "fr": ["peu importe", "à vous de choisir"],
        "es": ["me da igual", "elija usted"],
    },
}
OTHERS = {
    "en": [
        "call me now",
        "which number do I call",
        "what's your number",
        "just give me the number",
        "I need someone to call me back",
        "give me a call tomorrow",
        "can somebody call me back",
        "not this number",
        "any of them except friday",
        "it doesn't matter any more",
        "yes",
        "",
    ],
    "de": [
        "welche Nummer kann ich anrufen",
        "ein Mitarbeiter soll mich zurückrufen",
        "im Moment passt es nicht",
        "nicht diese Nummer",
        "egal, aber nicht montag",
    ],
    "fr": [
        "je vous appelle",
        "quel numéro je peux appeler",
        "un conseiller peut me rappeler ?",
        "pas ce numéro",
        "je n'ai plus ce numéro",
    ],
    "es": [
        "les llamo yo",
        "que me llame una persona",
        "¿cómo está mi llamada?",
        "no, este número no",
    ],
}


@pytest.mark.parametrize(
    ("remark", "language", "text"),
    [
        (remark, language, text)
        for remark, languages in SAID.items()
        for language, texts in languages.items()
        for text in texts
    ],
)
def test_a_remark_is_known_by_its_words(remark: Remark, language: str, text: str) -> None:
    assert remark_in(text, language) is remark
    assert remark_in(text.upper(), language) is remark


@pytest.mark.parametrize(
    ("language", "text"), [(language, text) for language, texts in OTHERS.items() for text in texts]
)
def test_what_sounds_alike_is_no_remark(language: str, text: str) -> None:
    assert remark_in(text, language) is None


def test_every_remark_is_listed_in_every_language() -> None:
    assert SAID.keys() == {*Remark}
    assert all(languages.keys() == {"en", "de", "fr", "es"} for languages in SAID.values())


def test_a_language_without_a_list_and_a_long_text_hold_no_remark() -> None:
    assert remark_in("egal", "nl") is None
    assert remark_in("egal " * 100, "de") is None

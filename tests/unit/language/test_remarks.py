"""What is said beside the question, in the words of four languages."""

from __future__ import annotations

import pytest

from ges_connector.language.remarks import Remark, rebooks, remark_in

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
    Remark.AUTOMATED: {
        "en": ["Are you a robot?", "am I talking to a person?", "is this a bot"],
        "de": ["bist du ein Mensch?", "sind Sie ein Roboter?"],
        "fr": ["vous êtes un robot ?", "je parle à une vraie personne ?"],
        "es": ["¿eres una persona?", "¿es usted un robot?"],
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
    Remark.RINGS_US: {
        "en": ["I'll ring you", "I'd rather call myself", "I'll just ring then"],
        "de": ["ich rufe Sie an", "ich rufe lieber selbst an", "ich melde mich selbst"],
        "fr": ["je vous appelle", "je préfère appeler moi-même"],
        "es": ["les llamo yo", "prefiero llamar yo"],
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
        "en": ["let me think", "hold on a sec", "give me a minute", "I don't know", "not sure yet"],
        "de": ["ich muss überlegen", "einen Moment bitte", "weiß nicht", "keine Ahnung"],
        "fr": ["laissez-moi réfléchir", "un instant", "je ne sais pas", "aucune idée"],
        "es": ["déjeme pensarlo", "un momento", "no sé", "no lo sé todavía"],
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
        "I'd rather you called me",
        "I'll call you if it does not work",
        "I don't know my number",
        "yes",
        "",
    ],
    "de": [
        "welche Nummer kann ich anrufen",
        "ein Mitarbeiter soll mich zurückrufen",
        "im Moment passt es nicht",
        "ich möchte, dass Sie anrufen",
        "ich weiß meine Nummer nicht",
        "nicht diese Nummer",
        "egal, aber nicht montag",
    ],
    "fr": [
        "je vous appelle si ça ne va pas",
        "je préfère que vous m'appeliez",
        "quel numéro je peux appeler",
        "un conseiller peut me rappeler ?",
        "pas ce numéro",
        "je n'ai plus ce numéro",
    ],
    "es": [
        "les llamo si no puedo",
        "prefiero que me llamen",
        "no sé mi número",
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


REBOOKED = {
    "en": [
        "book it again",
        "i want it back",
        "I want it back please",
        "can you book it again",
        "could you rebook it",
        "undo that",
        "undo the cancellation",
        "actually i do want it",
        "I want it after all",
        "I need the callback after all",
        "please put it back in",
        "put it back",
        "i'd like to keep it after all",
        "reinstate it please",
        "i cancelled it by mistake",
        "sorry, I still need it",
        "book the callback again",
        "can i have it back",
        "could you put the call back in",
        "oh no i want to keep the appointment",
        "actually leave it booked",
        "i've changed my mind, book it again",
        "the cancellation was a mistake",
        "no wait, i want it back",
        "on second thought i'd like the callback",
        "sorry can you reinstate my callback",
        "book me again",
        "un-cancel it",
        "i take that back",
        "restore my callback",
        "i want my callback",
        "keep my callback after all",
    ],
    "de": [
        "buchen Sie ihn doch wieder",
        "ich will ihn doch behalten",
        "bitte wieder buchen",
        "buchen Sie den Termin wieder",
        "ich möchte ihn doch wieder haben",
        "ich will ihn wiederhaben",
        "machen Sie die Absage rückgängig",
        "machen Sie das rückgängig",
        "ich brauche ihn doch",
        "ich brauche den Rückruf doch",
        "ich hab aus Versehen abgesagt",
        "tragen Sie ihn wieder ein",
        "ich möchte den Termin doch behalten",
        "ich möchte doch einen Rückruf",
        "können Sie ihn nochmal buchen",
        "doch wieder buchen",
        "ich hätte ihn gern zurück",
        "lassen Sie ihn doch drin",
        "doch nicht absagen",
        "nehmen Sie die Absage zurück",
        "ich hab's mir anders überlegt, buchen Sie ihn wieder",
        "das war ein Versehen, ich wollte nicht absagen",
        "ich möchte den Termin zurück",
        "buchen Sie mich wieder ein",
        "bitte nochmal buchen",
        "Termin doch behalten",
        "ich will den Rückruf doch",
        "kann ich den Termin wiederhaben?",
        "stellen Sie den Termin wieder her",
    ],
    "fr": [
        "remettez-le",
        "remettez-le s'il vous plaît",
        "réservez-le à nouveau",
        "je le veux finalement",
        "finalement je le garde",
        "je veux le garder finalement",
        "annulez l'annulation",
        "j'ai annulé par erreur",
        "j'en ai finalement besoin",
        "vous pouvez le remettre ?",
        "réservez-le de nouveau",
        "rétablissez le rappel",
        "je veux récupérer mon rendez-vous",
        "en fait je le garde",
        "laissez-le finalement",
        "je voudrais le reprendre",
        "remettez mon rendez-vous",
        "finalement gardez-le",
        "rendez-le moi",
        "réservez encore une fois",
        "je me suis trompé, remettez-le",
        "je veux à nouveau le rendez-vous",
        "pouvez-vous réactiver mon rappel",
        "je change d'avis je le veux",
    ],
    "es": [
        "vuelva a reservarla",
        "resérvela otra vez",
        "la quiero de vuelta",
        "sí que la quiero",
        "al final sí la quiero",
        "vuelva a ponerla",
        "deshaga la cancelación",
        "la cancelé por error",
        "quiero recuperarla",
        "resérvala de nuevo",
        "me la quedo",
        "al final la necesito",
        "puede volver a reservarla",
        "mejor déjela",
        "mejor no la cancele",
        "quiero la cita otra vez",
        "me equivoqué, vuelva a reservarla",
        "pónganla otra vez",
        "quiero volver a tenerla",
        "recupere mi cita",
        "reactive la llamada",
        "cambié de opinión, la quiero",
        "quiero mi cita de nuevo",
    ],
}
NOT_REBOOKED = {
    "en": [
        "book it",
        "yes",
        "no",
        "cancel it",
        "don't book it again",
        "i don't want it back",
        "put it back an hour",
        "call me back",
        "i want a call back",
        "put it back by an hour",
        "i don't need it after all",
        "can you call me again tomorrow",
        "book it for friday",
        "please don't reinstate it",
        "how do i undo that",
        "keep it short",
        "when did i cancel it",
    ],
    "de": [
        "buchen",
        "ja",
        "nein",
        "absagen",
        "buchen Sie ihn nicht wieder",
        "ich will ihn nicht behalten",
        "ich brauche ihn doch nicht",
        "rufen Sie mich wieder an",
        "auf Wiederhören",
        "ich will ihn verschieben",
        "doch nicht",
        "ich will ihn doch absagen",
        "buchen Sie ihn",
    ],
    "fr": [
        "réservez",
        "oui",
        "non",
        "annulez",
        "ne le remettez pas",
        "remettez-le à vendredi",
        "je n'en ai plus besoin finalement",
        "rappelez-moi",
        "finalement non",
        "je ne le veux plus",
    ],
    "es": [
        "resérvela",
        "sí",
        "no",
        "cancélela",
        "no la quiero",
        "no vuelva a reservarla",
        "al final no la necesito",
        "llámeme otra vez",
        "ya no la quiero",
        "no, otra vez no",
    ],
}


@pytest.mark.parametrize("language", REBOOKED)
def test_what_was_cancelled_is_wanted_after_all(language: str) -> None:
    assert [text for text in REBOOKED[language] if not rebooks(text, language)] == []


@pytest.mark.parametrize("language", NOT_REBOOKED)
def test_other_wishes_bring_nothing_back(language: str) -> None:
    assert [text for text in NOT_REBOOKED[language] if rebooks(text, language)] == []

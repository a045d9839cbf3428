"""What to do about a fault of flows: by its words, of which it takes up what it is about."""

from __future__ import annotations

import re
from typing import Final

_BY_WORDS: Final = (
    # what they name
    (r"runs (\S+), which the domain", r"add it to `actions` of the domain, or mend its name"),
    (r"(?:runs )?(\S+)(?: is|,) (?:registered by no|which no) code", r"name its module: --actions"),
    (r"(\S+) is run by no flow", r"take it out of the domain, or run it in a flow"),
    (r"(says|rejects with|asks by) \S+, which there is", r"add it to `responses` of the domain"),
    (r"is started by nobody", r"link to it or call it, or leave out its `if`"),
    (r"goes to (\S+), which is no flow", r"mend its name, or have its file read as well"),
    (r"leads to \S+, which is no step", r"write the id of a step of this flow, or END"),
    (r"(?:collects|sets|the slot) (\S+), which (?:is no slot|there is not)", r"declare \1"),
    (r"asks for \S+, which is neither", r"write slots.NAME or context.NAME"),
    (r"domain does not know (\S+), which is there", r"add \1 to `actions` of the domain"),
    # slots
    (r"is of type \S+, which", r"take any, bool, categorical, float, list or text"),
    (r"(\S+) is collected by no flow", r"collect it, or give it the mapping `controlled`"),
    (r"is not set by actions alone", r"give it the mapping `controlled`"),
    (r"is missing, which actions set", r"take it over from domain/calm/slots.yml"),
    (r"is missing, which actions say", r"take it over from domain/calm/responses.yml"),
    (r"which only (\S+) asks for", r"leave it to \1, or take a slot of your own"),
    (r"belongs to the engine", r"take it out of the domain"),
    (r"which actions alone may set", r"leave it to the actions"),
    (r"which the model may not fill", r"collect a slot of your own"),
    (r"no button fills it", r"give it the mapping `from_llm`, or a button that sets it"),
    (r"to .+, which it cannot be", r"set it to what its type allows"),
    (r"sets callback_profile to (\S+), which nothing takes", r"add the topic \1 to callback.yml"),
    (r"which nothing takes", r"take one that there is"),
    # questions
    (r"nothing asks for (\S+)", r"add the response utter_ask_\1 or the action action_ask_\1"),
    (r"(\S+) is asked for twice", r"leave out utter_ask_\1 or action_ask_\1"),
    (r"would not ask again", r"add `ask_before_filling: true`"),
    (r"tells the model nothing of the answer", r"give the step a description"),
    (r"takes keys by length", r"leave out `length` or `finish_on_key`"),
    (r"has a rejection without", r"give it both"),
    # branches
    (r"has no else", r"let an else be the last branch"),
    (r"has an else before an if", r"put the else last"),
    (r"asks what can never be|asks what was asked|which one before it takes", r"take that out"),
    (r"which it never is", r"compare it with a value that it may have"),
    (r"and it is \S+", r"compare it in a way that fits its type"),
    (r"which is no number", r"compare it with a number"),
    (r"to chance", r"add a branch for it"),
    (r"which never comes", r"take it out of the condition"),
    # ways
    (r"cannot be reached", r"lead to it by a next, or take it out"),
    (r"no way leads to the end", r"let one way lead to END"),
    (r"goes round without asking", r"ask something on the way round, or lead to END"),
    (r"and nothing was begun", r"run one of them in a step before"),
    (r"ends without a word", r"say something before, or leave out `run_pattern_completed: false`"),
    (r"comes back to itself", r"take out one of these calls and links"),
    (r"may not call a flow", r"link to it"),
    (r"behind a link", r"let the link be the last step, without a next"),
    (r"which has a link", r"put that link behind the call, into the flow that calls"),
    (r"which is to be called", r"call it"),
    (r"is missing, and the engine's own asks", r"take it over from data/calm/patterns.yml"),
    (r"is no pattern of the engine", r"mend its name, or link to it"),
    (r"does not branch on (\S+), which", r"behind it: if slots.\1 then END, else what follows"),
    # what flows say of themselves
    (r"keeps (\S+), which is no slot", r"mend its name in `persisted_slots`"),
    (r"keeps \S+, which no step", r"take it out of `persisted_slots`: what actions set stays"),
    (r"has persisted_slots beside", r"name it in `persisted_slots`"),
    (r"has persisted_slots that", r"write them as a list of slots"),
    (r"intent (\S+), which there is not", r"add it to `intents` of the domain, or mend its name"),
    (r"intent \S+, which begins", r"let it begin one of them"),
    # words
    (r"for the channel \S+, which there is not", r"write the channel as the engine calls it"),
    (r"for the channel \S+, which is none", r"well, if it is one of yours; else mend its name"),
    (r"leaves out (\{\w+\})", r"put \1 back"),
    (r"holds (\{[^}]+\})", r"take \1 out, or one that there is"),
    (r"has no (?:text|variation)|has an empty text", r"write what customers are to hear"),
    (r"sets no slot", r"write it like this"),
    (r"which nobody understands", r"take an id that there is, or a value that the slot may have"),
    (r"has a button that sets (\S+), which is no slot", r"declare \1, or mend its name"),
    (r"is not translated", r"add it under `translation`"),
    (r"has the (name|description) of", r"give it a \1 of its own"),
    (r"has no (name|description)", r"give it a \1"),
    (r"is none the engine takes", r"write it as de, pt-BR or x-de-formal"),
    (r"\.toml is missing", r"put it beside the catalogue; begin with the nearest language"),
    # what is no flow
    (r"has \S+, which the engine does not know", r"take it out, or mend how it is spelt"),
    (r"has no steps", r"give it a list of `steps`"),
    (r"is the id of two steps", r"give each an id of its own"),
    (r"is no step", r"let it be one of action, call, collect, link, noop and set_slots"),
    (r"stands for the end", r"give it another id"),
    (r"neither a step nor a list", r"write an id, END, or a list of if and else"),
    (r"neither if nor else", r"write `if` and `then`, or `else`"),
    (r"an if and no then", r"say where it leads by `then`"),
    (r"is in \S+ already|stands? in \S+ already", r"leave out one of them"),
    (r"which nothing reads", r"mend its name, or take it out"),
    (r"holds no names", r"write names with what belongs to them"),
    (r"is not there", r"mend the path"),
    (r": cannot be read: ", r"mend the file there"),
    (r"is missing$|at the end$|cannot be read|is no name|is no pattern|is no constant", (
        r"write NAME is VALUE, joined by and, or, not: names as slots.NAME, texts in quotes"
    )),
)  # fmt: skip


def cure_of(fault: str) -> str:
    """Tell what would mend a fault; empty if it says that itself.

    Args:
        fault: What `faults_of` or a `FlowsError` tells.
    """
    for words, cure in _BY_WORDS:
        found = re.search(words, fault)
        if found is not None:
            return found.expand(cure)
    return ""

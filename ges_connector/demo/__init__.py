"""Runs the whole assistant on one machine: sandbox, action server, Rasa engine and a chat.

* `plan` says what to start, in which order and with which environment. It starts nothing.
* `model` tells whether the trained model still belongs to the files it was trained from.
* `programs` starts programs, waits until they are ready, and stops them without leaving any.
* `supervisor` puts the three together; `chat` is what a person sees of it.
* `launch` goes from the options of `ges-callback demo` to an exit code.
"""

"""The sandbox's own API under `/sandbox`: the clock, the seed, faults, people, and what happened.

It is a test instrument without a key, meant for loopback: the state it shows has full phone
numbers. `door` finds the operation and renders faults, `asked` is what callers may send,
`operations` does it, and `views` shows records as JSON.
"""
